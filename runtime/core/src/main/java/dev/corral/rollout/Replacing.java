package dev.corral.rollout;

import dev.corral.rollout.Facts.SlotFacts;
import dev.corral.rollout.Facts.Stage;
import dev.corral.rollout.Facts.WorkerFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives one slot a new worker of the same version, unless the slot has already got one when its turn comes. */
final class Replacing extends Rollout {
    private final Duration readyWithin;
    private final int slotNumber;
    private final long worker;
    private boolean forked;

    Replacing(Duration readyWithin, int slot, long worker) {
        this.readyWithin = readyWithin;
        this.slotNumber = slot;
        this.worker = worker;
    }

    @Override
    @Nullable
    Step decide(Facts facts) {
        SlotFacts slot = facts.open().stream()
                .filter(s -> s.number() == slotNumber && s.current() != null && s.current().id() == worker).findFirst()
                .orElse(null);
        if (slot == null) { // replaced, ended, or closed
            return new Step.Finish(new Outcome.Done(1, Duration.ZERO));
        }
        WorkerFacts fresh = slot.replacement();
        if (fresh == null) {
            if (forked) {
                return new Step.Finish(new Outcome.Failed(slotNumber, "the replacement ended before it was ready"));
            }
            if (isGoing(slot.current())) {
                return null;
            }
            var replace = new Step.Replace(slotNumber, facts.version());
            forked = true;
            return replace;
        }
        return fresh.stage() == Stage.STARTING && isOver(fresh.forkedNanos(), readyWithin)
                ? new Step.Drop(slotNumber)
                : null;
    }

    private static boolean isGoing(@Nullable WorkerFacts worker) {
        return worker != null && worker.stage() == Stage.GOING;
    }

    @Override
    Outcome closed() {
        return Outcome.closed();
    }
}
