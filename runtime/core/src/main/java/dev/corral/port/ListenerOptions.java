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
 * Options that a server sets on its listening socket. It has none of its own, so they are kept here, and the first worker
 * that binds the port gives its own to the real one.
 */
final class ListenerOptions {
    static final Set<SocketOption<?>> SUPPORTED = Set.of(StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEPORT);
    private static final int RECEIVE_BUFFER = 64 * 1024;

    private final Map<SocketOption<?>, Object> values = new ConcurrentHashMap<>();
    private final @Nullable ProtocolFamily family;

    /** Of a server that takes the JVM's protocol family. */
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

    /** Whether the program wants a socket of its own, and the kernel to deal the connections out. */
    boolean isPortReused() {
        return Boolean.TRUE.equals(values.get(StandardSocketOptions.SO_REUSEPORT));
    }

    /** Sets what was asked for; whether the address is reused is the master's decision. */
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
