package dev.corral.bench.compare;

import dev.corral.bench.Hello;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * A worker of {@link ProcessMaster}: the program, and what a guarded process adds to it. It says when it is online and when
 * it listens, ends at an uncaught exception, and ends with its standard input.
 */
public final class ProcessWorker {
    static final String ONLINE = "online";
    static final String LISTENING = "listening";
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
        try (var in = new BufferedReader(new InputStreamReader(System.in))) {
            while (COLLECT.equals(in.readLine())) {
                System.gc();
                System.out.println(COLLECTED);
            }
        }
        System.exit(0);
    }
}
