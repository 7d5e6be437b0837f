package dev.corral.worker;

import dev.corral.hotspot.OsThread;
import dev.corral.watchdog.ThreadPulse;
import dev.corral.watchdog.ThreadPulse.Frame;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What can be seen of a platform thread, by the watchdog's thread. */
final class PlatformThreadSigns implements ThreadPulse.Signs {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread thread;
    private boolean searched;
    private @Nullable OsThread osThread;

    PlatformThreadSigns(Thread thread) {
        this.thread = thread;
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
        return found == null ? OptionalLong.empty() : found.starvedNanos();
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

    private @Nullable OsThread osThread() {
        if (!searched) {
            searched = true;
            osThread = OsThread.of(thread);
        }
        return osThread;
    }

    @Override
    public List<Frame> stack() {
        return Arrays.stream(thread.getStackTrace()).map(PlatformThreadSigns::frame).toList().reversed();
    }

    /** The JDK's classes are in named modules; a program's are in none. */
    private static Frame frame(StackTraceElement element) {
        return new Frame(element.getClassName() + "." + element.getMethodName(), element.getModuleName() == null);
    }
}
