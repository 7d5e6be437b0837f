package dev.corral.redirect.cleanup;

import dev.corral.jdk.PrivateFields;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Which file a channel is open on: the file's device and number, as the JDK determines them for its table of locks.
 * Needs {@code java.base/sun.nio.ch} to be opened. Thread-safe.
 */
final class FileIdentity {
    private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";
    private static final String KEY = "sun.nio.ch.FileKey";
    private static final @Nullable VarHandle DESCRIPTOR = PrivateFields.of(CHANNEL, "fd");
    private static final @Nullable MethodHandle CREATE = create();

    private FileIdentity() {}

    private static @Nullable MethodHandle create() {
        try {
            Class<?> key = Class.forName(KEY);
            return MethodHandles.privateLookupIn(key, MethodHandles.lookup()).findStatic(key, "create",
                    MethodType.methodType(key, FileDescriptor.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Returns an object that is equal for channels of the same file; null if it is not known. */
    static @Nullable Object of(@Nullable FileChannel channel) {
        if (channel == null || DESCRIPTOR == null || CREATE == null
                || !channel.getClass().getName().equals(CHANNEL) || !channel.isOpen()) {
            return null;
        }
        try {
            return (Object) CREATE.invoke((FileDescriptor) DESCRIPTOR.get(channel));
        } catch (Throwable e) { // closed meanwhile
            return null;
        }
    }
}
