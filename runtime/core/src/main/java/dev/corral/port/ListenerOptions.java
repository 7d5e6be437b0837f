package dev.corral.port;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The options that a server sets on its listening socket. A worker has no such socket, so its options are kept here.
 * Those of the first worker that binds the port are applied to the real socket.
 */
final class ListenerOptions {
    static final Set<SocketOption<?>> SUPPORTED = Set.of(StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEPORT);
    private static final int RECEIVE_BUFFER = 64 * 1024;

    private final Map<SocketOption<?>, Object> values = new ConcurrentHashMap<>();
    private final @Nullable ProtocolFamily family;

    /** Creates options for a server that uses the JVM's protocol family. */
    ListenerOptions() {
        this(null);
    }

    ListenerOptions(@Nullable ProtocolFamily family) {
        this.family = family;
    }

    @Nullable
    ProtocolFamily family() {
        return family;
    }

    <T> void set(SocketOption<T> option, T value) {
        if (!SUPPORTED.contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        values.put(option, value);
    }

    <T> T get(SocketOption<T> option) {
        if (!SUPPORTED.contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
        Object fallback = option == StandardSocketOptions.SO_RCVBUF ? (Object) RECEIVE_BUFFER
                : option == StandardSocketOptions.SO_REUSEADDR;
        return option.type().cast(values.getOrDefault(option, fallback));
    }

    /** Whether the program asks for {@code SO_REUSEPORT}: its own socket, and distribution by the kernel. */
    boolean isPortReused() {
        return Boolean.TRUE.equals(values.get(StandardSocketOptions.SO_REUSEPORT));
    }

    /** Applies these options to a socket. {@code SO_REUSEADDR} is not applied, because the master decides it. */
    void applyTo(ServerSocketChannel listener) throws IOException {
        Integer buffer = (Integer) values.get(StandardSocketOptions.SO_RCVBUF);
        if (buffer != null) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
        }
        if (isPortReused()) {
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
    }
}
