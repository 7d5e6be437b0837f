package dev.corral.bench.compare.rows;

import java.util.List;

/** The rows. */
public final class Rows {
    /** All rows, in the order of the page. */
    public static final List<Row> ALL = List.of(new BringUp(), new IdleMemory(), new HttpKeepAlive(),
            new HttpNewConnections(), new WarmUp(), new CrashToAnswer(), new ZombieToAnswer(), new LeakToClean(),
            new BesideASpinner(), new Reload(), new RoundTrip(), new OneWay(), new Spring());

    private Rows() {}
}
