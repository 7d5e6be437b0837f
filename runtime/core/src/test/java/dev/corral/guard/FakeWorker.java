package dev.corral.guard;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.isolate.Isolate;
import dev.corral.report.EndedWorker;
import dev.corral.report.Reports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker whose figures a test sets, and which records what the guard reports about it. */
final class FakeWorker implements GuardedWorker.Figures, Reports {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile long allocated;
    volatile long live;
    volatile boolean outOfMemory;
    volatile boolean hasNoMemoryForDetails;
    volatile boolean wasAskedForMetaspace;
    volatile boolean wasAskedForLiveBytes;

    @Override
    public long allocatedBytes(Map<Isolate, List<Thread>> threads) {
        if (outOfMemory) {
            throw new OutOfMemoryError("made up");
        }
        return allocated;
    }

    @Override
    public List<Kept> kept() {
        if (hasNoMemoryForDetails) {
            throw new OutOfMemoryError("made up");
        }
        return List.of();
    }

    @Override
    public List<AllocatedAt> allocatedAt() {
        return List.of();
    }

    @Override
    public void stopCode() {
        told.add("stopped");
    }

    @Override
    public long heldBytes() {
        return live;
    }

    @Override
    public long unseenBytes() {
        return 0;
    }

    @Override
    public OptionalLong liveBytes() {
        wasAskedForLiveBytes = true;
        return OptionalLong.of(live);
    }

    @Override
    public OptionalLong metaspaceBytes() {
        wasAskedForMetaspace = true;
        return OptionalLong.of(20);
    }

    @Override
    public void overMemory(ExitReason.OverMemory reason, boolean now) {
        told.add(reason.limit() + " " + reason.bytes() + (now ? " now" : ""));
    }

    @Override
    public void online() {}

    @Override
    public void listening(InetSocketAddress address) {}

    @Override
    public void readySignalled() {}

    @Override
    public void missed(int missed, Duration silence) {}

    @Override
    public void serving(InetSocketAddress address) {}

    @Override
    public void stalled(int missed, Duration silence) {}

    @Override
    public void stopped() {}

    @Override
    public void moving() {}

    @Override
    public void silent(Autopsy autopsy) {}

    @Override
    public void overThreads(ExitReason.OverThreads reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void leaving() {}

    @Override
    public void exiting(ExitReason reason, boolean halt) {}

    @Override
    public void drained() {}

    @Override
    public void ended(EndedWorker remains) {}
}
