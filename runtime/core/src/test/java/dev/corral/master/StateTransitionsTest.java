package dev.corral.master;

import static dev.corral.WorkerState.DRAINING;
import static dev.corral.WorkerState.EXITED;
import static dev.corral.WorkerState.KILLING;
import static dev.corral.WorkerState.ONLINE;
import static dev.corral.WorkerState.READY;
import static dev.corral.WorkerState.STARTING;
import static dev.corral.WorkerState.STOPPING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.WorkerState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateTransitionsTest {
    /** Written down once more, from the design: forwards only, and the end comes through STOPPING or KILLING. */
    private static final Map<WorkerState, Set<WorkerState>> LEGAL = new EnumMap<>(
            Map.of(STARTING, EnumSet.of(ONLINE, DRAINING, STOPPING, KILLING), ONLINE,
                    EnumSet.of(READY, DRAINING, STOPPING, KILLING), READY, EnumSet.of(DRAINING, STOPPING, KILLING),
                    DRAINING, EnumSet.of(STOPPING, KILLING), STOPPING, EnumSet.of(KILLING, EXITED), KILLING,
                    EnumSet.of(EXITED), EXITED, EnumSet.noneOf(WorkerState.class)));

    @Test
    void shouldAllowTheLegalEdgesAndThrowForAllOthers() {
        for (WorkerState from : WorkerState.values()) {
            for (WorkerState to : WorkerState.values()) {
                if (LEGAL.get(from).contains(to)) {
                    assertEquals(to, StateTransitions.next(from, to));
                } else {
                    var e = assertThrows(IllegalStateException.class, () -> StateTransitions.next(from, to));
                    assertTrue(e.getMessage().contains(from + " to " + to), e.getMessage());
                }
            }
        }
    }

    @Test
    void shouldGoForwardsOnly() {
        for (WorkerState from : WorkerState.values()) {
            assertTrue(StateTransitions.successors(from).stream().allMatch(to -> to.compareTo(from) > 0));
        }
    }
}
