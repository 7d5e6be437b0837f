package dev.corral.bench.compare;

import dev.corral.bench.compare.Target.AtLeast;
import dev.corral.bench.compare.Target.TimesPeer;
import java.util.List;

/** A connection for each request. */
final class HttpNewConnections extends HttpLoad {
    HttpNewConnections() {
        super(List.of("Connection: close"), new AtLeast(50_000), new TimesPeer(0.9, Bare.NAME),
                new TimesPeer(1.3, NodeCluster.NAME));
    }

    @Override
    public String id() {
        return "http-new-connections";
    }

    @Override
    public String title() {
        return "HTTP hello, new connections";
    }
}
