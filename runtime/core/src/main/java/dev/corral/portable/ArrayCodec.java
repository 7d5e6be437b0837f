package dev.corral.portable;

import dev.corral.Message.Transfer;
import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The codec of arrays. It packs arrays of objects element by element, and clones arrays of values. */
final class ArrayCodec extends Codec {
    private final TypeName component;
    private final boolean ofTransfers;

    private ArrayCodec(Class<?> component) {
        super(true);
        this.component = TypeName.of(component);
        ofTransfers = component == Transfer.class;
    }

    static Codec of(Class<?> array) {
        Class<?> component = array.getComponentType();
        return References.fill(component) ? new ValuesCodec() : new ArrayCodec(component);
    }

    @Override
    Object pack(Object object, Packer packer) {
        component.requireAt(packer.types());
        Object[] source = (Object[]) object;
        var node = new ArrayNode(component, new Object[source.length]);
        packer.enter(object, node);
        node.pack(source, ofTransfers, packer);
        if (!component.isOfJdk() || Node.areIn(node.elements)) {
            return node;
        }
        try {
            return packer.leave(object, Unpacker.finish(node));
        } catch (ArrayStoreException e) {
            throw new Refusal("a " + object.getClass().getTypeName() + " cannot hold the copy, a " + e.getMessage());
        }
    }

    /** The codec of arrays whose elements all cross by reference, whatever they are. */
    private static final class ValuesCodec extends Codec {
        ValuesCodec() {
            super(true);
        }

        @Override
        Object pack(Object object, Packer packer) {
            return packer.leave(object, switch (object) {
                case byte[] bytes -> bytes.clone();
                case int[] ints -> ints.clone();
                case long[] longs -> longs.clone();
                case double[] doubles -> doubles.clone();
                case char[] chars -> chars.clone();
                case boolean[] booleans -> booleans.clone();
                case float[] floats -> floats.clone();
                case short[] shorts -> shorts.clone();
                default -> ((Object[]) object).clone();
            });
        }
    }

    private static final class ArrayNode extends Node {
        private final TypeName component;
        private final @Nullable Object[] elements;

        ArrayNode(TypeName component, @Nullable Object[] elements) {
            this.component = component;
            this.elements = elements;
        }

        void pack(@Nullable Object[] source, boolean ofTransfers, Packer packer) {
            for (int i = 0; i < source.length; i++) {
                Object element = source[i];
                try {
                    elements[i] = ofTransfers && element instanceof Transfer transfer
                            ? packer.transfer(transfer, true)
                            : packer.pack(element);
                } catch (Refusal e) {
                    throw e.at(ValuePath.index(i));
                }
            }
        }

        @Override
        Object create(Unpacker unpacker) {
            @Nullable
            Object[] array = (Object[]) Array.newInstance(component.in(unpacker), elements.length);
            unpacker.created(this, array);
            for (int i = 0; i < elements.length; i++) {
                array[i] = unpacker.unpack(elements[i]);
            }
            return array;
        }
    }

    /**
     * The codec of the lists that {@link Arrays#asList} returns. Their size is fixed, but their elements can be set.
     */
    static final class ListCodec extends Codec {
        ListCodec() {
            super(true);
        }

        @Override
        Object pack(Object object, Packer packer) {
            Object[] source = ((java.util.List<?>) object).toArray();
            var elements = new ArrayNode(TypeName.of(Object.class), new Object[source.length]);
            var node = new ListNode(elements);
            packer.enter(object, node);
            elements.pack(source, false, packer);
            return packer.leave(object, Node.areIn(elements.elements) ? node : Unpacker.finish(node));
        }
    }

    private static final class ListNode extends Node {
        private final ArrayNode array;

        ListNode(ArrayNode array) {
            this.array = array;
        }

        @Override
        Object create(Unpacker unpacker) {
            @Nullable
            Object[] packed = array.elements;
            @Nullable
            Object[] elements = new Object[packed.length];
            Object list = Arrays.asList(elements);
            unpacker.created(this, list);
            for (int i = 0; i < packed.length; i++) {
                elements[i] = unpacker.unpack(packed[i]);
            }
            return list;
        }
    }
}
