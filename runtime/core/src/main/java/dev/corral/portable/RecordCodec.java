package dev.corral.portable;

import dev.corral.CorralException;
import dev.corral.Message.Transfer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The codec of a record. It reads the components from the private fields, and creates a new record by the canonical
 * constructor.
 */
final class RecordCodec extends Codec {
    private static final MethodType READ = MethodType.methodType(Object[].class, Object.class);
    private static final MethodType CREATE = MethodType.methodType(Object.class, Object[].class);

    private final Class<?> type;
    private final Shape shape;
    private final RecordComponent[] components;
    /** The indexes of the components that must be packed. The other components cross by reference. */
    private final int[] open;
    /** Reads all components, boxed: {@code (Object) -> Object[]}. */
    private final MethodHandle read;
    /** Calls the canonical constructor: {@code (Object[]) -> Object}. */
    private final MethodHandle create;

    private RecordCodec(Class<?> type, int[] open) throws ReflectiveOperationException {
        super(open.length > 0);
        this.type = type;
        this.open = open;
        components = type.getRecordComponents();
        shape = Shape.of(type);
        read = reader(type, components);
        create = creator(type, components);
    }

    /** Returns the codec of a record; a codec that refuses if reflection cannot access the record. */
    static Codec of(Class<?> type) {
        if (type.isHidden()) {
            return refusing(type.getName() + " is not portable: a hidden class has no name to be found by");
        }
        RecordComponent[] components = type.getRecordComponents();
        int[] open = IntStream.range(0, components.length)
                .filter(i -> !References.fill(components[i].getType())).toArray();
        try {
            return new RecordCodec(type, open);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return refusing(type.getName() + " is not portable: it is closed to reflection: " + e.getMessage());
        }
    }

    /** Creates {@link #read}. Neither this nor {@link #creator} initializes the class. */
    private static MethodHandle reader(Class<?> type, RecordComponent[] components)
            throws ReflectiveOperationException {
        MethodHandle[] getters = new MethodHandle[components.length];
        for (int i = 0; i < getters.length; i++) {
            getters[i] = getter(type, components[i]).asType(MethodType.genericMethodType(1));
        }
        if (getters.length == 0) {
            return MethodHandles.dropArguments(MethodHandles.constant(Object[].class, new Object[0]), 0, Object.class);
        }
        MethodHandle all = MethodHandles.identity(Object[].class).asCollector(Object[].class, getters.length);
        all = MethodHandles.filterArguments(all, 0, getters);
        return MethodHandles.permuteArguments(all, READ, new int[getters.length]);
    }

    /**
     * Returns a handle that reads the field. Only if the field is not accessible, it calls the accessor, which may be
     * the program's code.
     */
    private static MethodHandle getter(Class<?> type, RecordComponent component) throws ReflectiveOperationException {
        try {
            return lookup(type).unreflectGetter(type.getDeclaredField(component.getName()));
        } catch (IllegalAccessException | NoSuchFieldException e) {
            return MethodHandles.publicLookup().unreflect(component.getAccessor());
        }
    }

    private static MethodHandle creator(Class<?> type, RecordComponent[] components)
            throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        MethodHandle constructor;
        try {
            constructor = lookup(type).findConstructor(type, MethodType.methodType(void.class, types));
        } catch (IllegalAccessException e) {
            constructor = MethodHandles.publicLookup().unreflectConstructor(type.getDeclaredConstructor(types));
        }
        return constructor.asType(MethodType.genericMethodType(types.length)).asSpreader(Object[].class, types.length)
                .asType(CREATE);
    }

    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    @Override
    Object pack(Object object, Packer packer) {
        boolean isShared = packer.types().share(type);
        if (isShared && open.length == 0) {
            return object;
        }
        if (!isShared) {
            packer.types().record(shape);
        }
        @Nullable
        Object[] values = read(object);
        if (open.length == 0) {
            return new RecordNode(shape, values);
        }
        boolean isChanged = false;
        boolean isEntered = false;
        for (int i : open) {
            Object value = values[i];
            if (value == null) {
                continue;
            }
            Codec codec = Codec.of(value.getClass());
            if (!isEntered && codec.holds()) {
                packer.enter(object);
                isEntered = true;
            }
            values[i] = pack(value, codec, i, packer);
            isChanged |= values[i] != value;
        }
        if (!isShared || isChanged) {
            packer.types().record(shape);
        }
        Object packed = isShared && !isChanged ? object : new RecordNode(shape, values);
        return isEntered ? packer.leave(object, packed) : packed;
    }

    private Object pack(Object value, Codec codec, int index, Packer packer) {
        RecordComponent component = components[index];
        try {
            return value instanceof Transfer transfer && component.getType() == Transfer.class
                    ? packer.transfer(transfer, true)
                    : packer.pack(value, codec);
        } catch (Refusal e) {
            throw e.at("." + component.getName());
        }
    }

    private @Nullable Object[] read(Object object) {
        try {
            return (Object[]) read.invokeExact(object);
        } catch (Throwable e) {
            throw unchecked(e, "an accessor");
        }
    }

    private Object create(@Nullable Object[] values) {
        try {
            return (Object) create.invokeExact(values);
        } catch (Throwable e) {
            throw unchecked(e, "the constructor");
        }
    }

    private RuntimeException unchecked(Throwable thrown, String what) {
        return switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new CorralException(what + " of " + type.getName() + " threw " + thrown, thrown);
        };
    }

    /** A record of the receiver. */
    private static final class RecordNode extends Node {
        private final Shape shape;
        private final @Nullable Object[] values;

        RecordNode(Shape shape, @Nullable Object[] values) {
            this.shape = shape;
            this.values = values;
        }

        /** Returns the text that the record itself would return. */
        @Override
        public String toString() {
            return shape.print(values);
        }

        @Override
        Object create(Unpacker unpacker) {
            RecordCodec codec = unpacker.types().record(shape);
            for (int i : codec.open) {
                values[i] = unpacker.unpack(values[i]);
            }
            return codec.create(values);
        }
    }
}
