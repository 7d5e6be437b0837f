package dev.corral.port;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Checks of the addresses that servers bind and clients connect to. */
final class Addresses {
    private Addresses() {}

    /** Returns the address that a server means: a random port on all addresses if it names none. */
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

    /** Whether a client that connects to the target reaches a server that has bound the other address. */
    static boolean reaches(InetSocketAddress target, SocketAddress bound) throws SocketException {
        if (!(bound instanceof InetSocketAddress server) || server.getPort() != target.getPort()) {
            return false;
        }
        InetAddress host = host(target);
        return server.getAddress().isAnyLocalAddress()
                ? host.isLoopbackAddress() || NetworkInterface.getByInetAddress(host) != null
                : server.getAddress().equals(host);
    }

    /** Returns the host that a client's target means: the wildcard address stands for this machine. */
    static InetAddress host(InetSocketAddress target) {
        InetAddress host = target.getAddress();
        return host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    }

    /**
     * Returns the address for code that knows only Internet addresses. For a Unix domain socket this is its path,
     * unresolved, with port 0.
     */
    static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet
                : InetSocketAddress.createUnresolved(address.toString(), 0);
    }
}
