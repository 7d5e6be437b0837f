package dev.corral.portable;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of one receiver. There is one per isolate, and one for the master; it dies with the isolate. Any thread.
 */
public final class Types {
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private final Receiver receiver;
    /** What was found: the receiver's classes, by keys that are text. */
    private final ConcurrentHashMap<Shape, RecordCodec> records = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<EnumNode, Class<?>> constants = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Class<?>> classes = new ConcurrentHashMap<>();

    /** Of that receiver, without any class yet. */
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

    /** The receiver's record of that shape. */
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

    /** The receiver's enum that has this constant. */
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

    /** The receiver's class of that name. */
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
