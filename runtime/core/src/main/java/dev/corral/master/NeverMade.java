package dev.corral.master;

import dev.corral.report.WorkerFigures;
import dev.corral.report.EndedWorker;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What is left of a worker whose incarnation could not be created: nothing. */
record NeverMade() implements EndedWorker {
    @Override
    public OptionalInt code() {
        return OptionalInt.empty();
    }

    @Override
    public WorkerFigures facts() {
        return WorkerFigures.NONE;
    }

    @Override
    public List<String> output() {
        return List.of();
    }

    @Override
    public List<Object> undelivered() {
        return List.of();
    }

    @Override
    public int stoppedThreads() {
        return 0;
    }

    @Override
    public List<String> abandonedThreads() {
        return List.of();
    }

    @Override
    public int abandonedAlive() {
        return 0;
    }

    @Override
    public Loader loader() {
        return Loader.COLLECTED;
    }

    @Override
    public void findHolder(Consumer<String> told) {
        told.accept("");
    }
}
