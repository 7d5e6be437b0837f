package dev.corral.samples.leaky;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Threads that do something with so many bytes a second. Thread-safe. */
public final class Background {
    private static final long TICK_MILLIS = 10;

    private final List<Thread> threads = new ArrayList<>(); // guarded by this

    /**
     * Calls the work, on a thread of its own, every 10 ms with the bytes that are due, until the time is over or {@link #stop}.
     *
     * @param block bytes come in multiples of that; what is due beyond comes later
     */
    public synchronized void start(String name, long bytesPerSecond, int block, Duration time, LongConsumer work) {
        threads.removeIf(thread -> !thread.isAlive());
        threads.add(Thread.ofPlatform().daemon().name(name).start(() -> run(bytesPerSecond, block, time, work)));
    }

    private static void run(long bytesPerSecond, int block, Duration time, LongConsumer work) {
        long start = System.nanoTime();
        long done = 0;
        try {
            for (long nanos = 0; nanos < time.toNanos();) {
                Thread.sleep(TICK_MILLIS);
                nanos = Math.min(System.nanoTime() - start, time.toNanos());
                long due = (long) (bytesPerSecond * (nanos / 1e9)) - done;
                long whole = due - due % block;
                if (whole > 0) {
                    work.accept(whole);
                    done += whole;
                }
            }
        } catch (InterruptedException e) {
            // It has been stopped.
        }
    }

    /** Ends all of them, and waits for that. */
    public void stop() throws InterruptedException {
        List<Thread> all;
        synchronized (this) {
            all = List.copyOf(threads);
            threads.clear();
        }
        all.forEach(Thread::interrupt);
        for (Thread thread : all) {
            thread.join();
        }
    }
}
