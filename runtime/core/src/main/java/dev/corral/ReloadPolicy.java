package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How workers are replaced: {@link Cluster#reload()}, {@link Worker#replace}.
 *
 * <p>A replacement takes the place of a worker when it is ready and serves all ports that the worker serves. Until then both get
 * connections of the ports that both serve, and the old worker alone those of its other ports. If the replacement is ready, and does not
 * serve one of these ports within {@code readyWithin} after its fork, it takes over without: the code opens that port no more. Later
 * replacements with the same code do not wait for that port. Exclusive ports are not waited for, nor are ports that the old worker bound
 * later than {@code readyWithin} after its own fork.
 *
 * @param parallel replacements that are on their way to being ready at the same time; 1 to 64
 * @param readyWithin for each of them, from its fork on; one that is not ready by then has failed, and one that is ready takes over.
 *     More than 0
 * @param bake how long the first replacement of a reload must stay healthy beside the old workers before the next one is made (a
 *     canary); 0: not at all
 */
public record ReloadPolicy(int parallel, Duration readyWithin, Duration bake) {
    private static final int MOST_PARALLEL = 64;

    /** One after another, 30 s each, no bake. */
    public static final ReloadPolicy DEFAULT = new ReloadPolicy(1, Duration.ofSeconds(30), Duration.ZERO);

    /** Checks the ranges. */
    public ReloadPolicy {
        requireNonNull(readyWithin, "readyWithin");
        requireNonNull(bake, "bake");
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException(
                    "parallel replacements are " + parallel + "; they must be from 1 to " + MOST_PARALLEL);
        }
        if (!readyWithin.isPositive()) {
            throw new IllegalArgumentException(
                    "a replacement is to be ready within " + readyWithin + "; it must be more than 0");
        }
        if (bake.isNegative()) {
            throw new IllegalArgumentException("the bake time is " + bake + "; it must be 0 or more");
        }
    }

    /** Replaces how many are made ready at the same time. */
    public ReloadPolicy withParallel(int parallel) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }

    /** Replaces the time that a replacement has to become ready. */
    public ReloadPolicy withReadyWithin(Duration readyWithin) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }

    /** Replaces the time that the first replacement stays alone. */
    public ReloadPolicy withBake(Duration bake) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }
}
