package dev.corral.redirect.cleanup;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A list of resources that were opened and may still be open. It holds them weakly: the JDK closes a file that nobody
 * refers to any more. Nobody reports that a resource was closed. Instead, when the list has doubled, those that are
 * closed by then are removed, so adding one costs constant time on average. Thread-safe.
 */
final class Ledger {
    private static final int FIRST_SWEEP = 256;

    /** Guarded by the monitor. */
    private List<WeakReference<Object>> resources = new ArrayList<>();
    /** Guarded by the monitor. */
    private int nextSweep = FIRST_SWEEP;

    synchronized void add(Object resource) {
        if (resources.size() >= nextSweep) {
            resources.removeIf(each -> isClosed(each.get()));
            nextSweep = Math.max(FIRST_SWEEP, 2 * resources.size());
        }
        resources.add(new WeakReference<>(resource));
    }

    /** Returns the number of resources that are open, as far as that can be known. */
    synchronized int open() {
        return (int) resources.stream().filter(each -> !isClosed(each.get())).count();
    }

    /** Closes all resources, the newest first. Returns those that could not be closed. */
    List<String> closeAll() {
        List<WeakReference<Object>> all;
        synchronized (this) {
            all = resources.reversed();
            resources = new ArrayList<>();
        }
        List<String> left = new ArrayList<>();
        for (WeakReference<Object> each : all) {
            Object resource = each.get();
            if (resource != null && !isClosed(resource)) {
                try {
                    close(resource);
                } catch (Throwable e) { // also of a class of the program, whose code no longer runs
                    left.add(resource.getClass().getName() + " (" + e.getClass().getName() + ")");
                }
            }
        }
        return left;
    }

    /** Whether a resource is known to be closed. Calls no code of the program, which may block or throw. */
    private static boolean isClosed(@Nullable Object resource) {
        return switch (resource) {
            case null -> true;
            case FileInputStream stream -> !isValid(stream::getFD);
            case FileOutputStream stream -> !isValid(stream::getFD);
            case RandomAccessFile file -> !isValid(file::getFD);
            case Pipe pipe -> !pipe.source().isOpen() && !pipe.sink().isOpen();
            case Selector selector when isOfJdk(selector) -> !selector.isOpen();
            case Channel channel when isOfJdk(channel) -> !channel.isOpen();
            case Arena arena when isOfJdk(arena) -> !arena.scope().isAlive();
            default -> false;
        };
    }

    private interface Descriptor {
        FileDescriptor get() throws IOException;
    }

    private static boolean isValid(Descriptor descriptor) {
        try {
            return descriptor.get().valid();
        } catch (IOException e) {
            return false; // its constructor has failed
        }
    }

    private static boolean isOfJdk(Object object) {
        return object.getClass().getModule().getLayer() == ModuleLayer.boot();
    }

    /** Closes a resource. A subclass of the program's may override {@code close}, so files are closed without it. */
    private static void close(Object resource) throws Exception {
        switch (resource) {
            case FileInputStream stream when !isOfJdk(stream) -> close(stream.getFD());
            case FileOutputStream stream when !isOfJdk(stream) -> close(stream.getFD());
            case RandomAccessFile file when !isOfJdk(file) -> close(file.getFD());
            case Pipe pipe -> {
                pipe.source().close();
                pipe.sink().close();
            }
            case BaseStream<?, ?> stream -> stream.close();
            case Closeable closeable -> closeable.close();
            case AutoCloseable closeable -> closeable.close();
            default -> throw new IllegalArgumentException(resource.getClass().getName());
        }
    }

    private static void close(FileDescriptor descriptor) throws IOException {
        new FileInputStream(descriptor).close();
    }
}
