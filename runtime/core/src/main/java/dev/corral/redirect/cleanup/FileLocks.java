package dev.corral.redirect.cleanup;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Locks of files. For the operating system, and for the JDK, a lock belongs to the process: a second lock of the same
 * region in the same JVM is an error of the program. Here it belongs to the worker: if another worker has the region,
 * {@code tryLock} returns null and {@code lock} waits, as between processes. The locks end with the channels, which
 * {@link OpenResources} closes at the end of the worker. Thread-safe.
 */
@Documented(of = "`FileChannel.lock`, `tryLock`",
        becomes = "its own locks: if another worker has the region, `tryLock` returns null and `lock` waits, as between processes. "
                + "They end with this worker")
public final class FileLocks implements Redirect {
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    /** The locks that the worker has got; invalid ones may be among them. Guarded by the monitor. */
    private final List<FileLock> held = new ArrayList<>();

    /** The redirect of a worker without locks. */
    public FileLocks() {}

    @Replaces(type = FileChannel.class, method = "lock")
    FileLock lock(FileChannel channel) throws IOException {
        return lock(channel, 0, Long.MAX_VALUE, false);
    }

    /** Waits as long as another worker has the region. An interrupt ends the wait, as in the JDK. */
    @Replaces(type = FileChannel.class, method = "lock")
    FileLock lock(FileChannel channel, long position, long size, boolean shared) throws IOException {
        while (true) {
            try {
                return got(channel.lock(position, size, shared));
            } catch (OverlappingFileLockException e) {
                if (isOwn(channel, position, size)) {
                    throw e;
                }
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                Thread.interrupted(); // as the JDK does; its own wait clears the status as well
                throw new FileLockInterruptionException();
            }
            if (!channel.isOpen()) {
                throw new AsynchronousCloseException();
            }
        }
    }

    @Replaces(type = FileChannel.class, method = "tryLock")
    @Nullable
    FileLock tryLock(FileChannel channel) throws IOException {
        return tryLock(channel, 0, Long.MAX_VALUE, false);
    }

    @Replaces(type = FileChannel.class, method = "tryLock")
    @Nullable
    FileLock tryLock(FileChannel channel, long position, long size, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(position, size, shared);
            return lock == null ? null : got(lock);
        } catch (OverlappingFileLockException e) {
            if (isOwn(channel, position, size)) {
                throw e;
            }
            return null;
        }
    }

    private synchronized FileLock got(FileLock lock) {
        held.removeIf(each -> !each.isValid());
        held.add(lock);
        return lock;
    }

    /** Whether the worker itself has a lock of this file that overlaps the region. */
    private synchronized boolean isOwn(FileChannel channel, long position, long size) throws ClosedChannelException {
        Object file = FileIdentity.of(channel);
        return held.stream().anyMatch(lock -> lock.isValid() && lock.overlaps(position, size)
                && (file == null || file.equals(FileIdentity.of(lock.channel()))));
    }
}
