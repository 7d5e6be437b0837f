package dev.corral.bench.compare.peers.program;

import dev.corral.bench.Hello;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A worker of {@link ProcessMaster}: the program, and what a guarded process adds to it. It reports when it is online
 * and when it listens, gives signs of life, ends at an uncaught exception, and ends with its standard input.
 */
public final class ProcessWorker {
    static final String ONLINE = "online";
    static final String LISTENING = "listening";
    static final String BEAT = "beat";
    /** The variable with the interval of its signs of life, in milliseconds; 0 for none. */
    static final String BEAT_MILLIS = "BEAT_MILLIS";
    static final String COLLECT = "collect";
    static final String COLLECTED = "collected";

    private ProcessWorker() {}

    public static void main(String[] args) throws IOException {
        System.out.println(ONLINE);
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        Hello.main(args);
        System.out.println(LISTENING);
        long millis = Long.parseLong(System.getenv(BEAT_MILLIS));
        if (millis > 0) {
            Thread.startVirtualThread(() -> beat(millis));
        }
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (COLLECT.equals(in.readLine())) {
                System.gc();
                System.out.println(COLLECTED);
            }
        }
        System.exit(0);
    }

    /**
     * Gives signs of life on the carrier that also serves requests: a separate thread would prove only its own life.
     */
    private static void beat(long millis) {
        try {
            while (true) {
                System.out.println(BEAT);
                Thread.sleep(millis);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts it", e);
        }
    }
}
