package dev.corral.portable;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of one receiver. There is one instance per isolate, and one for the master. It becomes unreachable together
 * with the isolate. Any thread may use it.
 */
public final class Types {
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private final Receiver receiver;
    /** The receiver's classes that were found so far. The keys are text. */
    private final ConcurrentHashMap<Shape, RecordCodec> records = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<EnumNode, Class<?>> constants = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Class<?>> classes = new ConcurrentHashMap<>();

    /** Creates the types of a receiver; none is known yet. */
    public Types(Receiver receiver) {
        this.receiver = receiver;
    }

    static boolean areOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == PLATFORM;
    }

    boolean share(Class<?> type) {
        return areOfJdk(type) || receiver.shares(type);
    }

    /** Returns the codec of the receiver's record with this shape. */
    RecordCodec record(Shape shape) {
        RecordCodec known = records.get(shape);
        return known != null ? known : find(shape);
    }

    private RecordCodec find(Shape shape) {
        Class<?> type = find(shape.typeName());
        String found = type.isRecord() ? "" : "no record";
        if (type.isRecord()) {
            try {
                Shape own = Shape.of(type);
                if (own.equals(shape) && Codec.of(type) instanceof RecordCodec codec) {
                    records.put(shape, codec);
                    return codec;
                }
                found = own.equals(shape) ? "closed to reflection" : own.toString();
            } catch (LinkageError | TypeNotPresentException e) {
                throw new Refusal("the receiver cannot load " + shape.typeName() + ": " + e);
            }
        }
        throw new Refusal(shape + " is " + found + " at the receiver");
    }

    /** Returns the receiver's enum that has this constant. */
    Class<?> constant(EnumNode constant) {
        Class<?> known = constants.get(constant);
        return known != null ? known : find(constant);
    }

    private Class<?> find(EnumNode constant) {
        Class<?> type = find(constant.typeName());
        if (!type.isEnum()) {
            throw new Refusal(constant.typeName() + " is no enum at the receiver");
        }
        try {
            if (!type.getDeclaredField(constant.name()).isEnumConstant()) {
                throw new NoSuchFieldException();
            }
        } catch (NoSuchFieldException e) {
            throw new Refusal("the receiver's " + constant.typeName() + " has no constant " + constant.name());
        } catch (LinkageError e) {
            throw new Refusal("the receiver cannot load " + constant.typeName() + ": " + e);
        }
        constants.put(constant, type);
        return type;
    }

    /** Returns the receiver's class of this name. */
    Class<?> find(String name) {
        Class<?> known = classes.get(name);
        if (known != null) {
            return known;
        }
        @Nullable
        Class<?> found;
        try {
            found = receiver.find(name);
        } catch (LinkageError e) {
            throw new Refusal("the receiver cannot load " + name + ": " + e);
        }
        if (found == null) {
            throw new Refusal("the receiver knows no class " + name);
        }
        classes.put(name, found);
        return found;
    }
}
