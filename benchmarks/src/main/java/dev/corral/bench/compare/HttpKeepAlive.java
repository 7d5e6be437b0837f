package dev.corral.bench.compare;

import dev.corral.bench.compare.Target.TimesPeer;
import java.util.List;

/** Requests on connections that stay open. */
final class HttpKeepAlive extends HttpLoad {
    HttpKeepAlive() {
        super(List.of(), new TimesPeer(0.9, Bare.NAME), new TimesPeer(1.3, NodeCluster.NAME));
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
