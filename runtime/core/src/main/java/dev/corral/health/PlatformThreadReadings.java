package dev.corral.health;

import dev.corral.hotspot.OsThread;
import dev.corral.jdk.JdkThreads;
import dev.corral.watchdog.ThreadMonitor.Frame;
import dev.corral.watchdog.ThreadMonitor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The readings of a platform thread. Used by the watchdog's thread. */
final class PlatformThreadReadings implements ThreadMonitor.Readings {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread thread;
    private final Predicate<Thread> loadsClasses;
    private @Nullable OsThread osThread;

    /**
     * Creates the readings of a thread.
     *
     * @param loadsClasses whether a thread has loaded a class since the previous check
     */
    PlatformThreadReadings(Thread thread, Predicate<Thread> loadsClasses) {
        this.thread = thread;
        this.loadsClasses = loadsClasses;
    }

    Thread thread() {
        return thread;
    }

    @Override
    public long cpuNanos() {
        return THREADS.getThreadCpuTime(thread.threadId());
    }

    @Override
    public OptionalLong starvedNanos() {
        OsThread found = osThread();
        OsThread.Schedule schedule = found == null ? null : found.schedule();
        return schedule == null ? OptionalLong.empty() : OptionalLong.of(schedule.starvedNanos());
    }

    @Override
    public boolean isRunnable() {
        OsThread found = osThread();
        return found != null && found.isRunnable();
    }

    @Override
    public long waits() {
        ThreadInfo info = THREADS.getThreadInfo(thread.threadId());
        return info == null ? -1 : info.getWaitedCount() + info.getBlockedCount();
    }

    @Override
    public OptionalLong inputsAndOutputs() {
        OsThread found = osThread();
        return found == null ? OptionalLong.empty() : found.inputsAndOutputs();
    }

    @Override
    public boolean loadsClasses() {
        return loadsClasses.test(thread);
    }

    /**
     * Returns the system thread. If it was not found, it is searched again: among threads with the same CPU time it
     * cannot be identified.
     */
    private @Nullable OsThread osThread() {
        if (osThread == null) {
            osThread = OsThread.of(thread);
        }
        return osThread;
    }

    @Override
    public List<Frame> stack() {
        return Arrays.stream(JdkThreads.stackOf(thread)).map(PlatformThreadReadings::frame).toList().reversed();
    }

    /** Converts a frame. The JDK's classes are in named modules; those of a program are in none. */
    private static Frame frame(StackTraceElement element) {
        return new Frame(element.getClassName() + "." + element.getMethodName(), element.getModuleName() == null);
    }
}
