package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Target.AtLeast;
import dev.corral.bench.compare.report.Target.TimesPeer;
import java.util.List;

/** A connection for each request. */
final class HttpNewConnections extends HttpLoad {
    HttpNewConnections() {
        super(List.of("Connection: close"), new AtLeast(50_000), new TimesPeer(0.9, Peers.BARE),
                new TimesPeer(1.3, Peers.NODE_CLUSTER));
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
