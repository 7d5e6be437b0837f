package dev.corral.hotspot;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread as Linux sees it, in {@code /proc/self/task}: what it did that no Java API tells. Which one it is Java does not
 * tell either; it is the one whose CPU time, to the nanosecond, lies between two readings of the Java thread's.
 */
public final class OsThread {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LOWEST_PRIORITY = 19;
    /** A running thread's time is brought up to date when it is asked for; between several alike another look decides. */
    private static final int LOOKS = 3;

    private final int tid;
    private final Path directory;

    private OsThread(Path directory) {
        this.directory = directory;
        this.tid = Integer.parseInt(directory.getFileName().toString());
    }

    /** The one of this platform thread; null where that cannot be found out. */
    public static @Nullable OsThread of(Thread thread) {
        return of(List.of(thread)).get(thread);
    }

    /** Those of these platform threads, as far as they can be found out. */
    public static IdentityHashMap<Thread, OsThread> of(Collection<Thread> threads) {
        IdentityHashMap<Thread, OsThread> found = new IdentityHashMap<>();
        List<Thread> sought = new ArrayList<>(threads);
        for (int i = 0; i < LOOKS && !sought.isEmpty(); i++) {
            found.putAll(find(sought));
            sought.removeIf(found::containsKey);
        }
        return found;
    }

    private static IdentityHashMap<Thread, OsThread> find(List<Thread> threads) {
        long[] least = threads.stream().mapToLong(OsThread::cpuNanos).toArray();
        Map<Path, Long> tasks = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(TASKS)) {
            for (Path task : all) {
                Schedule schedule = schedule(task);
                if (schedule != null) {
                    tasks.put(task, schedule.cpuNanos);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return new IdentityHashMap<>(); // not Linux, or not to be seen
        }
        IdentityHashMap<Thread, OsThread> found = new IdentityHashMap<>();
        for (int i = 0; i < least.length; i++) {
            Thread thread = threads.get(i);
            long from = least[i];
            long to = cpuNanos(thread);
            List<Path> alike = tasks.entrySet().stream()
                    .filter(task -> from <= task.getValue() && task.getValue() <= to).map(Map.Entry::getKey).toList();
            if (alike.size() == 1) {
                found.put(thread, new OsThread(alike.getFirst()));
            }
        }
        return found;
    }

    private static long cpuNanos(Thread thread) {
        return THREADS.getThreadCpuTime(thread.threadId());
    }

    /**
     * What the system's scheduler has counted of it so far, each when the thread stopped running or began to.
     *
     * @param cpuNanos for how long it has run
     * @param starvedNanos for how long it has waited for a processor
     */
    public record Schedule(long cpuNanos, long starvedNanos) {}

    /** That of now; null if it has ended or that is not known. */
    public @Nullable Schedule schedule() {
        return schedule(directory);
    }

    private static @Nullable Schedule schedule(Path task) {
        try {
            String[] numbers = Files.readString(task.resolve("schedstat")).strip().split(" ");
            return new Schedule(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
        } catch (IOException | RuntimeException e) {
            return null; // it ended meanwhile
        }
    }

    /** Whether it runs, or would if it had a processor; false if it has ended or that is not known. */
    public boolean isRunnable() {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            return stat.startsWith(") R", stat.lastIndexOf(')')); // after its name, in which anything may be
        } catch (IOException e) {
            return false;
        }
    }

    /** How often it has read or written: files, sockets, pipes. Empty if it has ended or that is not known. */
    public OptionalLong inputsAndOutputs() {
        try {
            long sum = 0;
            for (String line : Files.readAllLines(directory.resolve("io"))) {
                if (line.startsWith("syscr:") || line.startsWith("syscw:")) {
                    sum += Long.parseLong(line.substring(line.indexOf(' ') + 1));
                }
            }
            return OptionalLong.of(sum);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Gives the thread the lowest priority of the system, so that it runs only when no other thread wants to. The number of a
     * thread stays its own while it lives; after that the kernel gives the number to another thread, but not before it
     * has used all others. So the thread must be alive right before the call.
     *
     * @param thread the one that this was found for
     * @return false if that is not possible here, or the thread has ended
     */
    public boolean setLowestPriority(Thread thread) {
        return Jvm.isReachable() && thread.isAlive() && Libc.setNice(tid, LOWEST_PRIORITY) && thread.isAlive();
    }

    /** Its number in the system. */
    @Override
    public String toString() {
        return Integer.toString(tid);
    }
}
