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

/** What is left of an isolated incarnation. */
public final class EndedIsolate implements EndedWorker {
    private static final Log LOG = Log.get();
    private static final int FRAMES = 12;
    /** One search at a time, of the whole JVM: each takes a core and some of the heap. */
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
                thread.setPriority(Thread.MIN_PRIORITY); // of which most systems take no notice
            }
        } catch (RuntimeException | Error e) { // it is a kindness to others, and no reason for a worker not to have ended
            LOG.failed("the priority of an abandoned thread is as it was", e);
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
        return switch (loader.look()) {
            case UNKNOWN -> Loader.UNKNOWN;
            case COLLECTED -> Loader.COLLECTED;
            case LEAKED -> Loader.LEAKED;
        };
    }

    @Override
    public void findHolder(Consumer<String> told) {
        SEARCHES.execute(() -> told.accept(holder()));
    }

    private String holder() {
        try {
            return loader.holder();
        } catch (RuntimeException | Error e) { // no memory, as a rule
            LOG.failed("what holds the class loader of an ended worker is not known", e);
            return "not found out: " + e;
        }
    }
}
