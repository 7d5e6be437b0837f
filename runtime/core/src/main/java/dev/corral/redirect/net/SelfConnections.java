package dev.corral.redirect.net;

import dev.corral.port.SelfConnection;
import dev.corral.port.TrackedSocket;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** Connections of a worker to itself, by a channel or by a {@code Socket}; the latter has a substitute. */
@Documented(of = "`Socket.connect`, `SocketChannel.connect` to its own port",
        becomes = "distributed like any other connection. A worker that is draining or stopping gets its own connection while its server is still open")
@Substitutes(type = Socket.class, by = TrackedSocket.class)
public final class SelfConnections implements Redirect {
    @Replaces(type = SocketChannel.class, method = "connect")
    boolean connect(SocketChannel channel, SocketAddress target) throws IOException {
        return SelfConnection.connect(channel, target);
    }

    @Replaces(type = SocketChannel.class, method = "open")
    SocketChannel open(SocketAddress target) throws IOException {
        return SelfConnection.open(target);
    }
}
