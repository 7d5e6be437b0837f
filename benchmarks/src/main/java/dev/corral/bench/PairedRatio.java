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
 * A benchmark with something over the same without it: a JVM with the one, a JVM with the other, in turn, so that what else the
 * machine does meets both. Of each JVM its fastest iteration counts, since others can only make one slower.
 *
 * @param benchmark has a parameter {@code body}
 * @param parameter says which of both it is
 * @param with its value on top of the fraction
 * @param without its value below
 */
record PairedRatio(Class<?> benchmark, String parameter, String with, String without) {
    /** Arguments: the number of pairs, 5 without one; then the bodies, all without any. */
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
