package dev.corral.leak;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields through which an object or a class holds others, whoever they belong to and whatever they are hidden from. Needs
 * {@code java.base/java.lang} and {@code java.base/jdk.internal.misc} opened. Not thread-safe.
 */
final class ReferenceFields {
    /** What the collector looks away from, or follows for itself. */
    private static final Set<String> OF_COLLECTOR = Set.of("referent", "discovered");
    private static final @Nullable Access ACCESS = Access.find();

    /** By class, those that it declares. */
    private final Map<Class<?>, Declared> declared = new HashMap<>();

    /** A field, and where it is in its object. */
    record Place(Field field, long offset) {}

    private record Declared(List<Place> ofInstances, List<Field> ofClass) {}

    /** What the JDK keeps to itself. */
    private record Access(MethodHandle get, MethodHandle offset, MethodHandle staticOffset, MethodHandle staticBase,
            MethodHandle declaredFields) {
        static @Nullable Access find() {
            try {
                Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                Object unsafe = lookup.findStatic(type, "getUnsafe", MethodType.methodType(type)).invoke();
                return new Access(
                        lookup.bind(unsafe, "getReference",
                                MethodType.methodType(Object.class, Object.class, long.class)),
                        lookup.bind(unsafe, "objectFieldOffset", MethodType.methodType(long.class, Field.class)),
                        lookup.bind(unsafe, "staticFieldOffset", MethodType.methodType(long.class, Field.class)),
                        lookup.bind(unsafe, "staticFieldBase", MethodType.methodType(Object.class, Field.class)),
                        MethodHandles.privateLookupIn(Class.class, MethodHandles.lookup()).findVirtual(Class.class,
                                "getDeclaredFields0", MethodType.methodType(Field[].class, boolean.class)));
            } catch (Throwable e) {
                return null;
            }
        }
    }

    /** Whether they can be read. */
    static boolean areOpen() {
        return ACCESS != null;
    }

    /** The instance fields of a class, those of its ancestors too, as far as what they hold is held. */
    List<Place> ofInstances(Class<?> type) {
        List<Place> all = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            all.addAll(declared(each).ofInstances);
        }
        if (WeakReference.class.isAssignableFrom(type) || PhantomReference.class.isAssignableFrom(type)) {
            all.removeIf(place -> place.field.getDeclaringClass() == Reference.class
                    && OF_COLLECTOR.contains(place.field.getName()));
        }
        return all;
    }

    /** The static fields that a class declares. */
    List<Field> ofClass(Class<?> type) {
        return declared(type).ofClass;
    }

    private Declared declared(Class<?> type) {
        return declared.computeIfAbsent(type, ReferenceFields::find);
    }

    private static Declared find(Class<?> type) {
        var found = new Declared(new ArrayList<>(), new ArrayList<>());
        for (Field field : fields(type)) {
            if (canHold(field.getType())) {
                if (Modifier.isStatic(field.getModifiers())) {
                    found.ofClass.add(field);
                } else {
                    found.ofInstances.add(new Place(field, (long) call(access().offset, field)));
                }
            }
        }
        return found;
    }

    private static boolean canHold(Class<?> type) {
        return !type.isPrimitive() && type != String.class && !(type.isArray() && type.componentType().isPrimitive());
    }

    private static Field[] fields(Class<?> type) {
        try {
            return (Field[]) access().declaredFields.invokeExact(type, false);
        } catch (LinkageError | TypeNotPresentException e) { // a type that it names is not there
            return new Field[0];
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** What an instance field holds now. */
    static @Nullable Object get(Object object, Place place) {
        return get(object, place.offset);
    }

    /** What a static field holds now. Its class is not initialised for that. */
    static @Nullable Object get(Field field) {
        return get(call(access().staticBase, field), (long) call(access().staticOffset, field));
    }

    private static @Nullable Object get(Object base, long offset) {
        try {
            return (Object) access().get.invokeExact(base, offset);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static Object call(MethodHandle handle, Field field) {
        try {
            return handle.invoke(field);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static Access access() {
        if (ACCESS == null) {
            throw new IllegalStateException("the JDK's fields are not open");
        }
        return ACCESS;
    }
}
