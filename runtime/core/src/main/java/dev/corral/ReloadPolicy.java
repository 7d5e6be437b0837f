package dev.corral;

import dev.corral.text.Checks;
import java.time.Duration;

/**
 * How workers are replaced by {@link Cluster#reload()} and {@link Worker#replace}.
 *
 * <p>A replacement takes the place of a worker when the replacement is ready and serves all ports that the worker
 * serves. Until then both receive connections of the ports that both serve, and the old worker alone receives those of
 * its other ports. If the replacement is ready but does not serve one of these ports within {@code readyWithin} after
 * its fork, it takes over nevertheless, because the new code no longer opens that port. Later replacements with the
 * same code do not wait for that port. A replacement does not wait for exclusive ports, nor for ports that the old
 * worker bound later than {@code readyWithin} after its own fork.
 *
 * @param parallel the number of replacements that are prepared at the same time; 1 to 64
 * @param readyWithin the time that each replacement has, from its fork on. A replacement that is not ready by then has
 *        failed, and one that is ready takes over. 1 ms and up
 * @param bake the time for which the first replacement of a reload must stay healthy beside the old workers before the
 *        next one is created (a canary); 0 and up; 0: not at all
 */
public record ReloadPolicy(int parallel, Duration readyWithin, Duration bake) {
    private static final int MOST_PARALLEL = 64;
    /** One replacement at a time, 30 s for each, no bake time. */
    public static final ReloadPolicy DEFAULT = new ReloadPolicy(1, Duration.ofSeconds(30), Duration.ZERO);

    /** Creates the record and checks the ranges. */
    public ReloadPolicy {
        Checks.check("the number of parallel replacements", parallel, 1, MOST_PARALLEL);
        Checks.check("the time in which a replacement must become ready", readyWithin, Checks.SHORTEST);
        Checks.check("the bake time", bake, Duration.ZERO);
    }

    /** Returns a copy with another number of replacements that are prepared at the same time. */
    public ReloadPolicy withParallel(int parallel) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }

    /** Returns a copy with another time that a replacement has to become ready. */
    public ReloadPolicy withReadyWithin(Duration readyWithin) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }

    /** Returns a copy with another time for which the first replacement must stay healthy. */
    public ReloadPolicy withBake(Duration bake) {
        return new ReloadPolicy(parallel, readyWithin, bake);
    }
}
