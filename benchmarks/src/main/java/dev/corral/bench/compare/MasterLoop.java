package dev.corral.bench.compare;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the master of every contender does. It obeys commands, one a line, and answers each with a line when it is done:
 *
 * <ul>
 * <li>{@code up N}: forks N workers more; {@code up ONLINE LISTENING} are the nanoseconds from the first fork until the
 * master knew that all N are online, which is a worker's own first statement, and that all N listen;
 * <li>{@code down}: ends all workers; {@code down} when none is left;
 * <li>{@code reload}: replaces all workers, one after another; {@code reload} when that is done;
 * <li>{@code guard MILLIS}: workers that are forked from now on are to give a sign in each so many milliseconds, and one that gives
 * none for {@value #MISSED} times is ended by force; with 0 nobody looks; {@code guard};
 * <li>{@code limit MIB}: workers that are forked from now on are to be replaced when they keep more than that; {@code limit};
 * <li>{@code used}: {@code used BYTES} are what the master's own heap holds after a collection, which has that of all workers where
 * there is one JVM;
 * <li>{@code collect}: lets every process collect its garbage; {@code collected}.
 * </ul>
 *
 * <p>A worker that ends unasked is replaced at once. At the end of its input the master ends its workers, then itself.
 */
abstract class MasterLoop {
    /** Signs of life that a guarded worker may fail to give. */
    static final int MISSED = 3;

    private final Semaphore online = new Semaphore(0);
    private final Semaphore listening = new Semaphore(0);
    private final AtomicLong lastOnline = new AtomicLong();
    private final AtomicLong lastListening = new AtomicLong();

    /** Starts one worker more; {@link #isOnline} and {@link #isListening} follow, of any thread. */
    abstract void fork() throws Exception;

    /** Ends all workers, and waits for their end. */
    abstract void endAll() throws Exception;

    /** Replaces all workers, one after another, and waits for the end of the last old one. */
    void reload() throws Exception {
        throw new UnsupportedOperationException();
    }

    /** Has workers that are forked from now on give a sign so often; never, if it is zero. None is there yet. */
    abstract void guard(Duration interval);

    /** Has workers that are forked from now on replaced when they keep more than that. None is there yet. */
    void limit(long bytes) {
        throw new UnsupportedOperationException();
    }

    /** Lets the processes of all workers collect their garbage, and waits for it. */
    abstract void collectInWorkers() throws Exception;

    final void isOnline() {
        lastOnline.set(System.nanoTime());
        online.release();
    }

    final void isListening() {
        lastListening.set(System.nanoTime());
        listening.release();
    }

    final void run() throws Exception {
        int code = 0;
        try (var in = new BufferedReader(new InputStreamReader(System.in))) {
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
