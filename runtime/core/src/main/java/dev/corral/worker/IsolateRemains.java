package dev.corral.worker;

import dev.corral.isolate.LoaderWatch;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What is left of an isolated incarnation. */
final class IsolateRemains implements Remains {
    private static final int FRAMES = 12;

    private final OptionalInt code;
    private final Incarnation.Facts facts;
    private final List<String> output;
    private final List<String> abandonedThreads = new ArrayList<>();
    private final List<WeakReference<Thread>> abandoned = new ArrayList<>();
    private final LoaderWatch loader;

    IsolateRemains(OptionalInt code, Incarnation.Facts facts, List<String> output, List<Thread> abandoned,
            LoaderWatch loader) {
        this.code = code;
        this.facts = facts;
        this.output = output;
        this.loader = loader;
        for (Thread thread : abandoned) {
            abandonedThreads.add(describe(thread));
            this.abandoned.add(new WeakReference<>(thread));
            if (!thread.isVirtual()) {
                thread.setPriority(Thread.MIN_PRIORITY);
            }
        }
    }

    private static String describe(Thread thread) {
        var text = new StringBuilder(thread.getName().isEmpty() ? thread.toString() : thread.getName());
        text.append(" (").append(thread.getState()).append(')');
        StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append("\n    at ").append(frames[i]);
        }
        return text.toString();
    }

    @Override
    public OptionalInt code() {
        return code;
    }

    @Override
    public Incarnation.Facts facts() {
        return facts;
    }

    @Override
    public List<String> output() {
        return output;
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
    public String loaderHolders() {
        return loader.holders();
    }
}
