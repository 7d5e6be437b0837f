package dev.corral.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a benchmark with and without something, and divides the results. The JVMs of both kinds alternate, so that other
 * load of the machine affects both. Of each JVM the fastest iteration counts, because other load can only make an
 * iteration slower.
 *
 * @param benchmark has a parameter {@code body}
 * @param parameter the parameter that distinguishes both kinds
 * @param with its value for the numerator
 * @param without its value for the denominator
 */
record PairedRatio(Class<?> benchmark, String parameter, String with, String without) {
    /** Prints the ratios. The arguments are the number of pairs, by default 5, and then the bodies, by default all. */
    void print(String[] args) throws RunnerException, NoSuchFieldException {
        int pairs = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        List<String> bodies = args.length > 1 ? List.of(args).subList(1, args.length)
                : List.of(benchmark.getDeclaredField("body").getAnnotation(Param.class).value());
        System.out.println("median, lowest and highest of " + pairs + " pairs; load average " + Load.now());
        for (String body : bodies) {
            List<Double> ratios = new ArrayList<>();
            double below = 0;
            for (int i = 0; i < pairs; i++) {
                below = micros(body, without);
                ratios.add(micros(body, with) / below);
            }
            ratios.sort(null);
            System.out.printf("%-8s %6.3f (%.3f to %.3f), %s %.3f us%n", body, ratios.get(pairs / 2),
                    ratios.getFirst(), ratios.getLast(), without, below);
        }
        System.out.println("load average " + Load.now());
    }

    private double micros(String body, String value) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder().include(benchmark.getName()).forks(1)
                .param("body", body).param(parameter, value).verbosity(VerboseMode.SILENT).build()).runSingle();
        return result.getPrimaryResult().getStatistics().getMin();
    }
}
