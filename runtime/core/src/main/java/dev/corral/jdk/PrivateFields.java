package dev.corral.jdk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Fields that the JDK keeps to itself, where its packages are opened. */
public final class PrivateFields {
    private PrivateFields() {}

    /** Null if there is no such class or field, or it is not opened. */
    public static @Nullable VarHandle of(String className, String name) {
        try {
            return of(Class.forName(className), name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** Null if there is no such field, or it is not opened. */
    public static @Nullable VarHandle of(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).unreflectVarHandle(field);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
