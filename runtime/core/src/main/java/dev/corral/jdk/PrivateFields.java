package dev.corral.jdk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Access to private fields of the JDK, where their packages are opened. Thread-safe. */
public final class PrivateFields {
    private PrivateFields() {}

    /** Returns a handle of a field; null if there is no such class or field, or if its package is not opened. */
    public static @Nullable VarHandle of(String className, String name) {
        try {
            return of(Class.forName(className), name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** Returns a handle of a field; null if there is no such field, or if its package is not opened. */
    public static @Nullable VarHandle of(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).unreflectVarHandle(field);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
