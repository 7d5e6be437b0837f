package dev.corral.redirect.cleanup;

import dev.corral.jdk.JdkInternal;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Which file a channel is open on: the file's device and number, as the JDK determines them for its table of locks.
 * Needs {@code java.base/sun.nio.ch} to be opened. Thread-safe.
 */
final class FileIdentity {
    private static final @Nullable VarHandle DESCRIPTOR = JdkInternal.FILE_OF_CHANNEL.fieldOrNull();
    private static final @Nullable MethodHandle CREATE = JdkInternal.FILE_KEY.methodOrNull();

    private FileIdentity() {}

    /** Returns an object that is equal for channels of the same file; null if it is not known. */
    static @Nullable Object of(@Nullable FileChannel channel) {
        if (channel == null || DESCRIPTOR == null || CREATE == null
                || !DESCRIPTOR.coordinateTypes().getFirst().isInstance(channel) || !channel.isOpen()) {
            return null;
        }
        try {
            return (Object) CREATE.invoke((FileDescriptor) DESCRIPTOR.get(channel));
        } catch (Throwable e) { // closed meanwhile
            return null;
        }
    }
}
