package dev.corral.memory;

import java.lang.ref.WeakReference;
import java.util.OptionalLong;

/** What one owner of threads keeps reachable, and what its ended threads have used. Thread-safe. Keeps nothing of the owner alive. */
public final class Holdings {
    private final LiveBytes all;
    /** In {@link dev.corral.hotspot.AllocationSamples}. */
    final int number;
    private final boolean estimate;
    /** What samples bore when this was made. */
    final long openedAt;
    private final WeakReference<Object> scheduler;
    private final WeakReference<ThreadGroup> group;
    /** What was in cells when they were used again. Guarded by {@link #all}. */
    long takenOver;

    Holdings(LiveBytes all, int number, boolean estimate, long openedAt, Object scheduler, ThreadGroup group) {
        this.all = all;
        this.number = number;
        this.estimate = estimate;
        this.openedAt = openedAt;
        this.scheduler = new WeakReference<>(scheduler);
        this.group = new WeakReference<>(group);
    }

    /**
     * Bytes, as of the last collection; an estimate. Empty while there has been no collection since it was opened, or if live bytes
     * are not wanted.
     */
    public OptionalLong liveBytes() {
        long live = estimate ? all.live(this) : -1;
        return live < 0 ? OptionalLong.empty() : OptionalLong.of(live);
    }

    /** Bytes that platform threads of the owner that have ended had allocated; exact. */
    public long allocatedByEnded() {
        return all.samples().allocatedByEnded(number);
    }

    /** What platform threads of the owner that have ended had burnt; exact. */
    public long cpuNanosOfEnded() {
        return all.samples().cpuNanosOfEnded(number);
    }

    /** Whether nothing of the owner is left, with so much not known to be dead. */
    boolean isOver(long notDead) {
        return notDead == 0 && scheduler.refersTo(null) && group.refersTo(null);
    }
}
