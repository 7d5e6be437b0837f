package dev.corral.redirect;

import dev.corral.port.SelfConnection;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** Connections of a worker to itself by a channel; those by a {@code Socket} are seen by the class that stands in for it. */
@Documented(of = "`Socket.connect`, `SocketChannel.connect` to a port of its own",
        becomes = "dealt out as connections of others, but for a worker that drains or stops: it gets its own, if its server is still open")
public final class SelfConnections implements Redirect {
    /** Without state. */
    SelfConnections() {}

    @Replaces(type = SocketChannel.class, method = "connect")
    boolean connect(SocketChannel channel, SocketAddress target) throws IOException {
        return SelfConnection.connect(channel, target);
    }

    @Replaces(type = SocketChannel.class, method = "open")
    SocketChannel open(SocketAddress target) throws IOException {
        return SelfConnection.open(target);
    }
}
