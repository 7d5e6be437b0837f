package dev.corral.health;

import dev.corral.Autopsy.Verdict;
import dev.corral.Autopsy;
import dev.corral.jdk.JdkThreads;
import dev.corral.reap.LiveThreads;
import dev.corral.report.ThreadText;
import dev.corral.watchdog.Silence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records what a worker was doing before it is killed. */
final class Autopsies {
    private static final int MOST_FRAMES = 64;
    private static final int MOST_STACKS = 32;

    private Autopsies() {}

    /**
     * Records the state of a worker.
     *
     * @param silent the silent thread, which is a carrier or a thread of the program; null if the fault is not one
     *        thread's
     * @param threads the platform threads of the program
     */
    static Autopsy of(HealthCheck.Parts parts, Silence silence, Verdict verdict, @Nullable Thread silent,
            List<Thread> threads) {
        List<Thread> order = new ArrayList<>();
        if (silent != null) {
            Thread mounted = threads.contains(silent) ? null : LiveThreads.mountedOn(silent, parts.scheduler());
            if (mounted != null) {
                order.add(mounted);
            }
            order.add(silent);
        }
        threads.stream().filter(thread -> thread != silent).sorted(Comparator.comparingInt(Autopsies::interest))
                .forEach(order::add);
        List<String> stacks = order.stream().limit(MOST_STACKS).map(thread -> ThreadText.of(thread, MOST_FRAMES))
                .toList();
        return new Autopsy(verdict, silence.length(), silence.cpuBurnt(), stacks, parts.worker().stats());
    }

    /** Returns the rank of a thread; the lowest rank is recorded first. */
    private static int interest(Thread thread) {
        return switch (JdkThreads.stateOf(thread)) {
            case BLOCKED -> 0;
            case RUNNABLE -> 1;
            case WAITING, TIMED_WAITING -> 2;
            case NEW, TERMINATED -> 3;
        };
    }
}
