package dev.corral.bench;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.bench.compare.commands.Group;
import dev.corral.samples.Hello;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the time from {@code Cluster.open} until four copies of the sample {@code hello} are ready, in a JVM with
 * the flags of {@code jvm.flags} and in a JVM without flags, where Corral opens the packages of the JDK itself. A new
 * JVM is started for each measurement, alternately with flags and without. The argument is the number of JVMs of each
 * kind, by default 10.
 */
public final class OpenTime {
    private static final int WORKERS = 4;
    private static final String CHILD = "child";

    private OpenTime() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals(CHILD)) {
            System.out.println(open(args[1]));
            System.exit(0);
        }
        int count = args.length == 0 ? 10 : Integer.parseInt(args[0]);
        List<Long> with = new ArrayList<>();
        List<Long> without = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            with.add(run(List.of("@" + System.getProperty("corral.flags"))));
            without.add(run(List.of()));
        }
        System.out.println("Milliseconds from Cluster.open to " + WORKERS + " ready workers, of " + count
                + " JVMs each; load average " + Load.now());
        print("with flags", with);
        print("without flags", without);
        System.out.printf("ratio of the medians: %.2f%n", (double) median(without) / median(with));
    }

    private static long open(String port) throws Exception {
        long start = System.nanoTime();
        Cluster cluster = Cluster.open(Program.main(Hello.class, port), config -> config.withWorkers(WORKERS)
                .withEventLog(false).withRequired(Capability.OWN_SCHEDULER, Capability.SHARED_NIO_PORTS));
        if (!cluster.awaitReady(WORKERS, Duration.ofMinutes(1))) {
            throw new IllegalStateException("not ready: " + cluster.stats());
        }
        return System.nanoTime() - start;
    }

    private static long run(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OpenTime.class.getName(), CHILD,
                Integer.toString(Group.freePort())));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("ended with " + process.exitValue() + ": " + output);
        }
        return Long.parseLong(output.substring(output.lastIndexOf('\n') + 1));
    }

    private static long median(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
    }

    private static void print(String kind, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().map(each -> each / 1_000_000).toList();
        System.out.printf("%-14s median %5d, lowest %5d, highest %5d%n", kind, median(nanos) / 1_000_000,
                sorted.getFirst(), sorted.getLast());
    }
}
