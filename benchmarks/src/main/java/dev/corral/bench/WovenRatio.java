package dev.corral.bench;

/**
 * Divides the result of {@link WovenBenchmark} for woven code by the result for plain code. Arguments: see
 * {@link PairedRatio}.
 */
public final class WovenRatio {
    private WovenRatio() {}

    public static void main(String[] args) throws Exception {
        System.out.println("Time of the woven copy over that of the plain one");
        new PairedRatio(WovenBenchmark.class, "code", "woven", "plain").print(args);
    }
}
