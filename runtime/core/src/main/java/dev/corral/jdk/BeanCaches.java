package dev.corral.jdk;

import java.beans.Introspector;
import java.time.Duration;

/**
 * The caches of {@code java.beans}. They refer to classes softly for the whole JVM, and strongly for each thread group
 * that used them. All virtual threads of the JVM form one group. Only a thread of the group can clear its cache.
 */
public final class BeanCaches {
    public static final String PACKAGE = "java.beans.";
    /** The longest time that each thread may take, on a busy machine. */
    private static final Duration FLUSHING = Duration.ofSeconds(1);

    private BeanCaches() {}

    /**
     * Clears the caches for a group whose own threads have ended, and for virtual threads. Others fill their caches
     * again when they need them. Blocks for at most 2 s.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public static void flush(ThreadGroup group) throws InterruptedException {
        Thread inGroup = Thread.ofPlatform().daemon().group(group).inheritInheritableThreadLocals(false)
                .name("corral-beans").start(Introspector::flushCaches);
        Thread virtual = Thread.ofVirtual().inheritInheritableThreadLocals(false).start(Introspector::flushCaches);
        inGroup.join(FLUSHING);
        virtual.join(FLUSHING);
    }
}
