package dev.corral.samples.leaky;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Threads that process a given number of bytes per second. Thread-safe. */
public final class Background {
    private static final long TICK_MILLIS = 10;

    private final List<Thread> threads = new ArrayList<>(); // guarded by this

    /**
     * Starts a thread that calls {@code work} every 10 ms with the number of bytes that are due, until the time has
     * passed or {@link #stop} is called.
     *
     * @param block the number of bytes of each call is a multiple of this; the rest follows in a later call
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
            // ended by stop()
        }
    }

    /**
     * Ends all threads, and blocks until they have ended.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
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
