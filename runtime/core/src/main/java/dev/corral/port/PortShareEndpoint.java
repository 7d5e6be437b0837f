package dev.corral.port;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint of a server socket with its own share of a port. An interrupt has the same effect on {@code take} as on
 * {@code accept}.
 */
final class PortShareEndpoint implements Endpoint {
    private final WorkerPorts worker;
    private final ListenerOptions options = new ListenerOptions();
    private final AtomicBoolean binding = new AtomicBoolean();
    /** The share; null before the bind. Written once, under the monitor. */
    private volatile @Nullable PortShare share;
    /** Whether the server was closed. Written under the monitor, so that a closed server keeps no share. */
    private volatile boolean closed;

    PortShareEndpoint(WorkerPorts worker) {
        this.worker = worker;
    }

    @Override
    public void listen(@Nullable SocketAddress local, int backlog) throws IOException {
        if (!binding.compareAndSet(false, true)) {
            throw new SocketException("Already bound");
        }
        try {
            worker.bind(local, backlog, options, this::keep);
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        } finally {
            binding.set(share != null);
        }
    }

    private synchronized boolean keep(PortShare bound) {
        if (!closed) {
            share = bound;
        }
        return !closed;
    }

    @Override
    public @Nullable SocketChannel take(long nanos) throws IOException {
        PortShare bound = share;
        if (bound == null) {
            return null;
        }
        return Thread.currentThread().isVirtual() ? takeInterruptibly(bound, nanos) : takeUninterruptibly(bound, nanos);
    }

    /** Waits on a virtual thread, where an interrupt closes the server socket, as in the JDK. */
    private @Nullable SocketChannel takeInterruptibly(PortShare bound, long nanos) {
        try {
            return bound.take(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return null;
        }
    }

    /**
     * Waits on a platform thread, where {@code accept} ignores interrupts. The interrupt status is set again when it
     * returns.
     */
    private static @Nullable SocketChannel takeUninterruptibly(PortShare bound, long nanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = nanos == 0 ? 0 : Math.max(1, nanos - (System.nanoTime() - start));
                    return bound.take(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        PortShare bound = share;
        if (bound != null) {
            bound.close();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        PortShare bound = share;
        return bound == null ? null : bound.address();
    }

    @Override
    public ListenerOptions options() {
        return options;
    }

    @Override
    public @Nullable ServerSocketChannel channel() {
        return null;
    }
}
