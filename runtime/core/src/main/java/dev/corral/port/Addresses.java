package dev.corral.port;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses that a server may ask for. */
final class Addresses {
    private Addresses() {}

    /** What a server means by it: a random port on all addresses, if it names none. */
    static SocketAddress checked(@Nullable SocketAddress local) throws SocketException {
        return switch (local) {
            case null -> new InetSocketAddress(0);
            case InetSocketAddress address when address.isUnresolved() ->
                    throw new SocketException("Unresolved address: " + address.getHostString());
            case InetSocketAddress address -> address;
            case UnixDomainSocketAddress address -> address;
            default -> throw new IllegalArgumentException("Unsupported address type: " + local);
        };
    }

    /** For those who know only Internet addresses: of a Unix domain socket the path, unresolved, and port 0. */
    static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet
                : InetSocketAddress.createUnresolved(address.toString(), 0);
    }
}
