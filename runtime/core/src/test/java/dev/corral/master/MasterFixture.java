package dev.corral.master;

import dev.corral.Backoff;
import dev.corral.RestartPolicy;
import java.time.Duration;

/** A master whose workers are fakes and whose clock moves only when a test advances it. */
abstract class MasterFixture {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final RestartPolicy AT_ONCE = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE);

    final Bench bench = new Bench(config -> config);
}
