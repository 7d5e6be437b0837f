package dev.corral.master;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import dev.corral.report.EndedWorker;
import dev.corral.report.Reports;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Passes what an incarnation tells to the master's thread. */
record WorkerReports(Master master, WorkerHandle worker) implements Reports {
    @Override
    public void online() {
        master.submit(slots -> slots.online(worker));
    }

    @Override
    public void listening(InetSocketAddress address) {
        master.submit(slots -> slots.listening(worker, address));
    }

    @Override
    public void serving(InetSocketAddress address) {
        master.submit(slots -> slots.serving(worker));
    }

    @Override
    public void readySignalled() {
        master.submit(slots -> slots.becomeReady(worker));
    }

    @Override
    public void missed(int missed, Duration silence) {
        master.submit(slots -> slots.missed(worker, missed, silence));
    }

    @Override
    public void stalled(int missed, Duration silence) {
        master.submit(slots -> slots.stalled(worker, missed, silence));
    }

    @Override
    public void moving() {
        master.submit(slots -> slots.moving(worker));
    }

    @Override
    public void silent(Autopsy autopsy) {
        master.submit(slots -> slots.silent(worker, autopsy));
    }

    @Override
    public void overMemory(ExitReason.OverMemory reason, boolean now) {
        master.submit(slots -> slots.overMemory(worker, reason, now));
    }

    @Override
    public void overThreads(ExitReason.OverThreads reason) {
        master.submit(slots -> slots.overThreads(worker, reason));
    }

    @Override
    public void leaving() {
        master.submit(slots -> slots.disconnect(worker));
    }

    @Override
    public void exiting(ExitReason reason, boolean halt) {
        master.submit(slots -> slots.exiting(worker, reason, halt));
    }

    @Override
    public void drained() {
        master.submit(slots -> slots.drained(worker));
    }

    @Override
    public void stopped() {
        master.submit(slots -> slots.stopped(worker));
    }

    @Override
    public void ended(EndedWorker remains) {
        master.submit(slots -> slots.ended(worker, remains));
    }
}
