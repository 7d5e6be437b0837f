package dev.corral.port;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses that a server may ask for, and how a client reaches it. */
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

    /** Whether a client that connects to the target comes to a server that has bound the other address, if any has. */
    static boolean reaches(InetSocketAddress target, SocketAddress bound) throws SocketException {
        if (!(bound instanceof InetSocketAddress server) || server.getPort() != target.getPort()) {
            return false;
        }
        InetAddress host = host(target);
        return server.getAddress().isAnyLocalAddress()
                ? host.isLoopbackAddress() || NetworkInterface.getByInetAddress(host) != null
                : server.getAddress().equals(host);
    }

    /** Of a client's target: all addresses stand for this machine. */
    static InetAddress host(InetSocketAddress target) {
        InetAddress host = target.getAddress();
        return host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    }

    /** For those who know only Internet addresses: of a Unix domain socket the path, unresolved, and port 0. */
    static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet
                : InetSocketAddress.createUnresolved(address.toString(), 0);
    }
}
