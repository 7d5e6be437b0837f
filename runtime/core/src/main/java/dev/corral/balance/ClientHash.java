package dev.corral.balance;

import dev.corral.Balancer;
import dev.corral.Worker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Rendezvous hashing by client address: each slot gets a score for the client, and the highest score wins. The
 * logarithm makes a slot win in proportion to its weight.
 */
public final class ClientHash implements Balancer {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    @Override
    public Worker choose(InetSocketAddress client, List<Worker> ready) {
        InetAddress address = client.getAddress();
        long seed = address == null ? 0 : Arrays.hashCode(address.getAddress());
        Worker best = ready.getFirst();
        double highest = Double.NEGATIVE_INFINITY;
        for (Worker worker : ready) {
            double score = -worker.weight() / Math.log(uniform(mix(seed * GOLDEN + worker.slot())));
            if (score >= highest) { // of two workers in one slot, the later one, which replaces the other
                best = worker;
                highest = score;
            }
        }
        return best;
    }

    /** Mixes the bits of a number; the finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns a number between 0 and 1, both excluded. */
    private static double uniform(long bits) {
        return ((bits >>> 11) + 0.5) * UNIT;
    }
}
