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
 * Woven over plain, by {@link WovenBenchmark}: a JVM with one copy, one with the other, in turn, so that what else the machine
 * does meets both. Of each JVM its fastest iteration counts, since others can only make one slower. Arguments: the number of
 * pairs, 5 without one; then the bodies, all without any.
 */
public final class WovenRatio {
    private WovenRatio() {}

    public static void main(String[] args) throws Exception {
        int pairs = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        List<String> bodies = args.length > 1 ? List.of(args).subList(1, args.length)
                : List.of(WovenBenchmark.class.getDeclaredField("body").getAnnotation(Param.class).value());
        System.out.println("Time of the woven copy over that of the plain one: median, lowest and highest of " + pairs
                + " pairs; load average " + Load.now());
        for (String body : bodies) {
            List<Double> ratios = new ArrayList<>();
            double plain = 0;
            for (int i = 0; i < pairs; i++) {
                plain = micros(body, "plain");
                ratios.add(micros(body, "woven") / plain);
            }
            ratios.sort(null);
            System.out.printf("%-8s %6.3f (%.3f to %.3f), plain %.3f us%n", body, ratios.get(pairs / 2),
                    ratios.getFirst(), ratios.getLast(), plain);
        }
        System.out.println("load average " + Load.now());
    }

    private static double micros(String body, String code) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder().include(WovenBenchmark.class.getName()).forks(1)
                .param("body", body).param("code", code).verbosity(VerboseMode.SILENT).build()).runSingle();
        return result.getPrimaryResult().getStatistics().getMin();
    }
}
