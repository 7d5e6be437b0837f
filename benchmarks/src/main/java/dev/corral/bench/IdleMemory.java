package dev.corral.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Measures the memory of an idle worker, for several numbers of workers: the proportional set size of this process with
 * n ready workers, minus the one without workers, divided by n. A first round, which loads everything that workers have
 * in common, does not count.
 */
public final class IdleMemory {
    private IdleMemory() {}

    public static void main(String[] args) throws Exception {
        int workers = args.length == 0 ? 64 : Integer.parseInt(args[0]);
        System.out.printf("%-14s %12s %12s %14s%n", "program", "PSS with 0", "with " + workers, "each");
        for (String program : new String[]{"hello", "hello-shared", "idle", "idle-shared"}) {
            measure(program, workers, false);
            measure(program, workers, true);
        }
    }

    private static void measure(String program, int workers, boolean counts) throws Exception {
        try (var bench = new Bench(program, 0)) {
            long before = pssKib();
            for (int i = 0; i < workers; i++) {
                bench.cluster.fork();
            }
            if (!bench.cluster.awaitReady(workers, Duration.ofMinutes(1))) {
                throw new IllegalStateException("not ready: " + bench.cluster.stats());
            }
            long after = pssKib();
            if (counts) {
                System.out.printf("%-14s %8d KiB %8d KiB %10.1f KiB%n", program, before, after,
                        (double) (after - before) / workers);
            }
        }
    }

    private static long pssKib() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(200); // G1 releases memory after some time
        }
        return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream().filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
    }
}
