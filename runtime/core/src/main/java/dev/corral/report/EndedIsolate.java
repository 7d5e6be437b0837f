package dev.corral.report;

import dev.corral.hotspot.OsThread;
import dev.corral.leak.LoaderWatch;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The data that is left after the end of an isolated incarnation. */
public final class EndedIsolate implements EndedWorker {
    private static final Log LOG = Log.get();
    private static final int FRAMES = 12;
    /** Runs one search at a time for the whole JVM, because each takes a processor and some of the heap. */
    private static final Executor SEARCHES = ServiceThreads.single("corral-leak-search");

    private final OptionalInt code;
    private final WorkerFigures facts;
    private final List<String> output;
    private final List<Object> undelivered;
    private final List<String> abandonedThreads = new ArrayList<>();
    private final int stoppedThreads;
    private final List<WeakReference<Thread>> abandoned = new ArrayList<>();
    private final LoaderWatch loader;

    public EndedIsolate(OptionalInt code, WorkerFigures facts, List<String> output, List<Object> undelivered,
            int stoppedThreads,
            List<Thread> abandoned, LoaderWatch loader) {
        this.code = code;
        this.facts = facts;
        this.output = output;
        this.undelivered = undelivered;
        this.stoppedThreads = stoppedThreads;
        this.loader = loader;
        for (Thread thread : abandoned) {
            abandonedThreads.add(ThreadText.of(thread, FRAMES));
            this.abandoned.add(new WeakReference<>(thread));
            if (!thread.isVirtual()) {
                lowerPriority(thread);
            }
        }
    }

    private static void lowerPriority(Thread thread) {
        try {
            OsThread task = OsThread.of(thread);
            if (task == null || !task.setLowestPriority(thread)) {
                thread.setPriority(Thread.MIN_PRIORITY); // most systems ignore it
            }
        } catch (RuntimeException | Error e) { // the priority helps other threads, but the worker has ended without it
            LOG.failed("cannot lower the priority of an abandoned thread", e);
        }
    }

    @Override
    public OptionalInt code() {
        return code;
    }

    @Override
    public WorkerFigures facts() {
        return facts;
    }

    @Override
    public List<String> output() {
        return output;
    }

    @Override
    public List<Object> undelivered() {
        return undelivered;
    }

    @Override
    public int stoppedThreads() {
        return stoppedThreads;
    }

    @Override
    public List<String> abandonedThreads() {
        return List.copyOf(abandonedThreads);
    }

    @Override
    public int abandonedAlive() {
        return (int) abandoned.stream().map(WeakReference::get).filter(thread -> thread != null && thread.isAlive())
                .count();
    }

    @Override
    public Loader loader() {
        return switch (loader.check()) {
            case UNKNOWN -> Loader.UNKNOWN;
            case COLLECTED -> Loader.COLLECTED;
            case LEAKED -> Loader.LEAKED;
        };
    }

    @Override
    public void findHolder(Consumer<String> found) {
        SEARCHES.execute(() -> found.accept(holder()));
    }

    private String holder() {
        try {
            return loader.holder();
        } catch (RuntimeException | Error e) { // usually because there is no memory
            LOG.failed("cannot determine what holds the class loader of an ended worker", e);
            return "not found: " + e;
        }
    }
}
