package dev.corral.bench;

/**
 * Divides the result of {@link AllocationCost} with live bytes by the result without. Arguments: see
 * {@link PairedRatio}.
 */
public final class AllocationRatio {
    private AllocationRatio() {}

    public static void main(String[] args) throws Exception {
        System.out.println("Time of allocating with live bytes estimated over that without");
        new PairedRatio(AllocationCost.class, "liveBytes", "on", "off").print(args);
    }
}
