package dev.corral.master;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import dev.corral.Worker;
import dev.corral.report.EndedWorker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Queues the commands and reports about one worker for the master's thread, where {@link Supervisor} carries them out.
 */
record WorkerCommandQueue(ControlLoop loop, Supervisor supervisor, WorkerHandle worker) implements WorkerCommands {
    private void submit(Consumer<Supervisor> command) {
        loop.submit(() -> command.accept(supervisor));
    }

    @Override
    public void disconnect() {
        submit(it -> it.disconnect(worker));
    }

    @Override
    public void kill() {
        submit(it -> it.kill(worker));
    }

    @Override
    public void replace(CompletableFuture<Worker> future) {
        submit(it -> it.replace(worker, future));
    }

    @Override
    public void weigh() {
        submit(it -> it.weigh(worker));
    }

    @Override
    public void online() {
        submit(_ -> worker.lifecycle().online());
    }

    @Override
    public void listening(InetSocketAddress address) {
        submit(it -> it.listening(worker, address));
    }

    @Override
    public void serving(InetSocketAddress address) {
        submit(it -> it.serving(worker));
    }

    @Override
    public void readySignalled() {
        submit(it -> it.becomeReady(worker));
    }

    @Override
    public void missed(int missed, Duration silence) {
        submit(it -> it.missed(worker, missed, silence));
    }

    @Override
    public void stalled(int missed, Duration silence) {
        submit(it -> it.stalled(worker, missed, silence));
    }

    @Override
    public void moving() {
        submit(_ -> worker.lifecycle().suspect(false));
    }

    @Override
    public void silent(Autopsy autopsy) {
        submit(it -> it.silent(worker, autopsy));
    }

    @Override
    public void overMemory(ExitReason.OverMemory reason, boolean now) {
        submit(it -> it.overMemory(worker, reason, now));
    }

    @Override
    public void overThreads(ExitReason.OverThreads reason) {
        submit(it -> it.overThreads(worker, reason));
    }

    @Override
    public void leaving() {
        submit(it -> it.disconnect(worker));
    }

    @Override
    public void exiting(ExitReason reason, boolean halt) {
        submit(it -> it.exiting(worker, reason, halt));
    }

    @Override
    public void drained() {
        submit(_ -> worker.lifecycle().drained());
    }

    @Override
    public void stopped() {
        submit(_ -> worker.lifecycle().stopped());
    }

    @Override
    public void ended(EndedWorker remains) {
        submit(it -> it.ended(worker, remains));
    }
}
