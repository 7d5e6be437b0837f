package dev.corral.rollout;

import dev.corral.rollout.Facts.SlotFacts;
import dev.corral.rollout.Facts.Stage;
import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes the number of slots to the requested one, from the number when its turn comes, and waits for the slots that
 * it has opened and closed.
 */
final class Scaling extends Rollout {
    private final Duration readyWithin;
    private final int wanted;
    private boolean begun;
    private long startedNanos;
    /** The order of the newest slot at the beginning. */
    private long lastOrder;
    private int toOpen;
    /** The slots that were opened, by their order. */
    private final Set<Long> opened = new HashSet<>();
    private final Set<Long> toClose = new HashSet<>();

    Scaling(Duration readyWithin, int wanted) {
        this.readyWithin = readyWithin;
        this.wanted = wanted;
    }

    @Override
    @Nullable
    Step decide(Facts facts) {
        if (!begun) {
            begin(facts);
        }
        if (toOpen > 0) {
            var open = new Step.Open();
            toOpen--;
            return open;
        }
        if (lastOrder != Long.MAX_VALUE) { // no other request can have opened a slot since the first step
            facts.slots().stream().map(SlotFacts::order).filter(order -> order > lastOrder).forEach(opened::add);
            lastOrder = Long.MAX_VALUE;
        }
        for (SlotFacts slot : facts.open()) {
            if (toClose.contains(slot.order())) {
                return new Step.Close(slot.number());
            }
        }
        boolean areGone = facts.slots().stream().noneMatch(slot -> toClose.contains(slot.order()));
        return areGone ? awaitReady(facts) : null;
    }

    private void begin(Facts facts) {
        startedNanos = facts.nowNanos();
        List<SlotFacts> open = facts.open();
        lastOrder = facts.slots().stream().mapToLong(SlotFacts::order).max().orElse(-1);
        toOpen = Math.max(0, wanted - open.size());
        open.stream().sorted(Comparator.comparingLong(SlotFacts::order).reversed())
                .limit(Math.max(0, open.size() - wanted)).forEach(slot -> toClose.add(slot.order()));
        begun = true;
    }

    private @Nullable Step awaitReady(Facts facts) {
        List<SlotFacts> left = facts.open().stream().filter(slot -> opened.contains(slot.order())).toList();
        int ready = (int) left.stream()
                .filter(slot -> slot.current() != null && slot.current().stage() == Stage.READY).count();
        if (ready == opened.size()) {
            return new Step.Finish(new Outcome.Done(opened.size() + toClose.size(),
                    Duration.ofNanos(facts.nowNanos() - startedNanos)));
        }
        for (SlotFacts slot : left) {
            if (slot.gaveUp()) {
                return failed(slot.number(), "slot " + slot.number() + " gave up");
            }
        }
        if (left.size() < opened.size()) {
            return failed(Outcome.NO_SLOT, opened.size() - left.size() + " of " + opened.size()
                    + " slots that were added have closed again");
        }
        return isOver(startedNanos, readyWithin)
                ? failed(Outcome.NO_SLOT, ready + " of " + opened.size() + " slots that were added were ready within "
                        + Quantities.text(readyWithin))
                : null;
    }

    private static Step failed(int slot, String why) {
        return new Step.Finish(new Outcome.Failed(slot, why));
    }

    @Override
    Outcome closed() {
        return Outcome.closed();
    }
}
