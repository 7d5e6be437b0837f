package dev.corral.leak;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.MethodHandle;
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
 * Reads the fields through which an object or a class refers to other objects, including private fields of any class.
 * Needs {@code java.base/java.lang} and {@code java.base/jdk.internal.misc} to be opened. Not thread-safe.
 */
final class ReferenceFields {
    /** Fields of references that do not keep an object reachable, or that only the collector uses. */
    private static final Set<String> OF_COLLECTOR = Set.of("referent", "discovered");
    private static final @Nullable Access ACCESS = Access.find();

    /** The fields that each class declares. */
    private final Map<Class<?>, Declared> declared = new HashMap<>();

    /** A field, and its position in its object. */
    record Place(Field field, long offset) {}

    private record Declared(List<Place> ofInstances, List<Field> ofClass) {}

    /** Methods of the JDK that are not public. */
    private record Access(MethodHandle get, MethodHandle offset, MethodHandle staticOffset, MethodHandle staticBase,
            MethodHandle declaredFields) {
        static @Nullable Access find() {
            try {
                Object unsafe = JdkInternal.GET_UNSAFE.method().invoke();
                return new Access(JdkInternal.GET_REFERENCE.method().bindTo(unsafe),
                        JdkInternal.FIELD_OFFSET.method().bindTo(unsafe),
                        JdkInternal.STATIC_FIELD_OFFSET.method().bindTo(unsafe),
                        JdkInternal.STATIC_FIELD_BASE.method().bindTo(unsafe), JdkInternal.DECLARED_FIELDS.method());
            } catch (Throwable e) {
                return null;
            }
        }
    }

    /** Returns whether fields can be read. */
    static boolean areOpen() {
        return ACCESS != null;
    }

    /** Returns the instance fields of a class and of its superclasses that keep objects reachable. */
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

    /** Returns the static fields that a class declares. */
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
        } catch (LinkageError | TypeNotPresentException e) { // the class mentions a type that does not exist
            return new Field[0];
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the current value of an instance field. */
    static @Nullable Object get(Object object, Place place) {
        return get(object, place.offset);
    }

    /** Returns the current value of a static field, without initialising its class. */
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
