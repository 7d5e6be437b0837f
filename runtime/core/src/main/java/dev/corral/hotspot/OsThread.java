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
 * A platform thread as Linux sees it, in {@code /proc/self/task}. It provides data that no Java API has. Java does not
 * reveal which system thread belongs to a Java thread either: it is the one whose CPU time, exact to the nanosecond, is
 * between two readings of the Java thread's CPU time. Thread-safe.
 */
public final class OsThread {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LOWEST_PRIORITY = 19;
    /**
     * The number of attempts. The system updates a running thread's time when it is read; if several threads match,
     * another attempt decides.
     */
    private static final int LOOKS = 3;

    private final int tid;
    private final Path directory;

    private OsThread(Path directory) {
        this.directory = directory;
        this.tid = Integer.parseInt(directory.getFileName().toString());
    }

    /** Returns the system thread of a platform thread; null if it cannot be found. */
    public static @Nullable OsThread of(Thread thread) {
        return of(List.of(thread)).get(thread);
    }

    /** Returns the system threads of platform threads, as far as they can be found. */
    public static IdentityHashMap<Thread, OsThread> of(Collection<Thread> threads) {
        IdentityHashMap<Thread, OsThread> found = new IdentityHashMap<>();
        List<Thread> sought = Platform.isLinux() ? new ArrayList<>(threads) : new ArrayList<>();
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
            return new IdentityHashMap<>(); // not Linux, or not readable
        }
        IdentityHashMap<Thread, OsThread> found = new IdentityHashMap<>();
        for (int i = 0; i < least.length; i++) {
            Thread thread = threads.get(i);
            long from = least[i];
            long to = cpuNanos(thread);
            List<Path> matches = tasks.entrySet().stream()
                    .filter(task -> from <= task.getValue() && task.getValue() <= to).map(Map.Entry::getKey).toList();
            if (matches.size() == 1) {
                found.put(thread, new OsThread(matches.getFirst()));
            }
        }
        return found;
    }

    private static long cpuNanos(Thread thread) {
        return THREADS.getThreadCpuTime(thread.threadId());
    }

    /**
     * The figures of the system's scheduler for a thread so far. The system updates them when the thread stops or
     * starts running.
     *
     * @param cpuNanos the time for which it has run, in nanoseconds
     * @param starvedNanos the time for which it has waited for a processor, in nanoseconds
     */
    public record Schedule(long cpuNanos, long starvedNanos) {}

    /** Returns the current figures; null if the thread has ended or they are not known. */
    public @Nullable Schedule schedule() {
        return schedule(directory);
    }

    private static @Nullable Schedule schedule(Path task) {
        try {
            String[] numbers = Files.readString(task.resolve("schedstat")).strip().split(" ");
            return new Schedule(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
        } catch (IOException | RuntimeException e) {
            return null; // the thread has ended
        }
    }

    /**
     * Returns whether the thread runs, or would run if it had a processor; false if it has ended or this is not known.
     */
    public boolean isRunnable() {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            return stat.startsWith(") R", stat.lastIndexOf(')')); // the name before it may contain any character
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns how often the thread has read or written files, sockets or pipes; empty if it has ended or this is not
     * known.
     */
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
     * Gives the thread the lowest priority of the system, so that it runs only when no other thread wants to run. While
     * a thread lives, no other thread has its number. Afterwards the kernel gives the number to another thread, but
     * only after it has used all other numbers. Therefore the thread must be alive immediately before the call.
     *
     * @param thread the Java thread that this object was found for
     * @return false if this is not possible here, or if the thread has ended
     */
    public boolean setLowestPriority(Thread thread) {
        return NativeFunctions.areUsable() && thread.isAlive() && Libc.setNice(tid, LOWEST_PRIORITY)
                && thread.isAlive();
    }

    /** Returns the number of the thread in the system. */
    @Override
    public String toString() {
        return Integer.toString(tid);
    }
}
