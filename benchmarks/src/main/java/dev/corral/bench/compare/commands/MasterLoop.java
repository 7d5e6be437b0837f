package dev.corral.bench.compare.commands;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The loop of every contender's master. It reads commands, one per line, and answers each with one line when it is
 * done:
 *
 * <ul>
 * <li>{@code up N}: forks N more workers. The answer {@code up ONLINE LISTENING} has the nanoseconds from the first
 * fork until the master knew that all N are online, which a worker reports in its first statement, and that all N
 * listen;
 * <li>{@code down}: ends all workers. The answer is {@code down} when none is left;
 * <li>{@code reload}: replaces all workers, one after another. The answer is {@code reload};
 * <li>{@code guard MILLIS}: workers that are forked later must give a sign of life in each interval of this length; a
 * worker that misses {@value #MISSED} intervals is killed. With 0 there is no check. The answer is {@code guard};
 * <li>{@code limit MIB}: workers that are forked later are replaced when they keep more than this. The answer is
 * {@code limit};
 * <li>{@code used}: the answer {@code used BYTES} is what the master's own heap contains after a collection. If there
 * is only one JVM, this includes all workers;
 * <li>{@code collect}: makes every process collect its garbage. The answer is {@code collected}.</ul>
 *
 * <p>A worker that ends without a request is replaced at once. At the end of its input the master ends its workers,
 * then itself.
 */
public abstract class MasterLoop {
    /** The number of signs of life that a guarded worker may miss before it is killed. */
    public static final int MISSED = 3;

    /** The time that a worker gets to answer its requests, where a contender has a deadline for that. */
    public static final Duration DRAIN = Duration.ofSeconds(1);

    private final Semaphore online = new Semaphore(0);
    private final Semaphore listening = new Semaphore(0);
    private final AtomicLong lastOnline = new AtomicLong();
    private final AtomicLong lastListening = new AtomicLong();

    /** Starts one more worker. Calls of {@link #isOnline} and {@link #isListening} follow, on any thread. */
    protected abstract void fork() throws Exception;

    /** Ends all workers, and waits until they have ended. */
    protected abstract void endAll() throws Exception;

    /** Replaces all workers, one after another, and waits for the end of the last old one. */
    protected void reload() throws Exception {
        throw new UnsupportedOperationException();
    }

    /**
     * Sets the interval of the signs of life of workers that are forked later; zero for none. Called before the first
     * fork.
     */
    protected abstract void guard(Duration interval);

    /** Sets the memory limit of workers that are forked later. Called before the first fork. */
    protected void limit(long bytes) {
        throw new UnsupportedOperationException();
    }

    /** Makes the processes of all workers collect their garbage, and waits until they have done so. */
    protected abstract void collectInWorkers() throws Exception;

    protected final void isOnline() {
        lastOnline.set(System.nanoTime());
        online.release();
    }

    protected final void isListening() {
        lastListening.set(System.nanoTime());
        listening.release();
    }

    protected final void run() throws Exception {
        int code = 0;
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                System.out.println(obey(line.split(" ")));
            }
        } catch (Exception e) {
            e.printStackTrace();
            code = 1;
        } finally {
            endAll();
            System.exit(code);
        }
    }

    private String obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "up" -> up(Integer.parseInt(words[1]));
            case "down" -> {
                endAll();
                yield "down";
            }
            case "reload" -> {
                reload();
                yield "reload";
            }
            case "guard" -> {
                guard(Duration.ofMillis(Long.parseLong(words[1])));
                yield "guard";
            }
            case "limit" -> {
                limit(Long.parseLong(words[1]) << 20);
                yield "limit";
            }
            case "used" -> {
                System.gc();
                yield "used " + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            }
            case "collect" -> {
                System.gc();
                collectInWorkers();
                yield "collected";
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private String up(int workers) throws Exception {
        online.drainPermits();
        listening.drainPermits();
        long start = System.nanoTime();
        for (int i = 0; i < workers; i++) {
            fork();
        }
        online.acquire(workers);
        listening.acquire(workers);
        return "up " + (lastOnline.get() - start) + " " + (lastListening.get() - start);
    }
}
