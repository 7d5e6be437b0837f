package dev.corral.bench;

/** With live bytes estimated over without, by {@link AllocationCost}. Arguments: see {@link PairedRatio}. */
public final class AllocationRatio {
    private AllocationRatio() {}

    public static void main(String[] args) throws Exception {
        System.out.println("Time of allocating with live bytes estimated over that without");
        new PairedRatio(AllocationCost.class, "liveBytes", "on", "off").print(args);
    }
}
