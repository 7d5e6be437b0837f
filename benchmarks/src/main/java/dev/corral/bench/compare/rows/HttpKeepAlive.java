package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Target.TimesPeer;
import java.util.List;

/** Requests on connections that stay open. */
final class HttpKeepAlive extends HttpLoad {
    HttpKeepAlive() {
        super(List.of(), new TimesPeer(0.9, Peers.BARE), new TimesPeer(1.3, Peers.NODE_CLUSTER));
    }

    @Override
    public String id() {
        return "http-keep-alive";
    }

    @Override
    public String title() {
        return "HTTP hello, keep-alive";
    }
}
