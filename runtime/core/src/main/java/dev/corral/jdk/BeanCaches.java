package dev.corral.jdk;

import java.beans.Introspector;
import java.time.Duration;

/**
 * What {@code java.beans} remembers of classes: softly for the whole JVM, and strongly for each thread group that asked. All virtual
 * threads of the JVM are one group. Only a thread of the group can have it forgotten.
 */
public final class BeanCaches {
    public static final String PACKAGE = "java.beans.";
    /** For each thread to start, on a busy machine. */
    private static final Duration FLUSHING = Duration.ofSeconds(1);

    private BeanCaches() {}

    /** Has all be forgotten for this group, whose own threads have ended. Others find out anew what they ask for. */
    public static void flush(ThreadGroup group) throws InterruptedException {
        Thread inGroup = Thread.ofPlatform().daemon().group(group).inheritInheritableThreadLocals(false)
                .name("corral-beans").start(Introspector::flushCaches);
        Thread virtual = Thread.ofVirtual().inheritInheritableThreadLocals(false).start(Introspector::flushCaches);
        inGroup.join(FLUSHING);
        virtual.join(FLUSHING);
    }
}
