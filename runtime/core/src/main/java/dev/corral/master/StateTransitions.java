package dev.corral.master;

import static dev.corral.WorkerState.DRAINING;
import static dev.corral.WorkerState.EXITED;
import static dev.corral.WorkerState.KILLING;
import static dev.corral.WorkerState.ONLINE;
import static dev.corral.WorkerState.READY;
import static dev.corral.WorkerState.STARTING;
import static dev.corral.WorkerState.STOPPING;
import static java.util.Objects.requireNonNull;

import dev.corral.WorkerState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The legal changes of a worker's state.
 *
 * <pre>
 * STARTING -> ONLINE     // the program has been entered
 * STARTING -> DRAINING   // asked to end before that
 * STARTING -> STOPPING   // could not be entered
 * STARTING -> KILLING    // kill(); or not even its thread could be started
 *   ONLINE -> READY      // listens, or has said that it is ready
 *   ONLINE -> DRAINING   // asked to end: disconnect(), close(), context.disconnect()
 *   ONLINE -> STOPPING   // exits, crashes, completes
 *   ONLINE -> KILLING    // kill()
 *    READY -> DRAINING   // asked to end, or replaced
 *    READY -> STOPPING   // exits, crashes, completes
 *    READY -> KILLING    // kill()
 * DRAINING -> STOPPING   // drained, or the deadline has passed, or it has ended by itself
 * DRAINING -> KILLING    // kill()
 * STOPPING -> KILLING    // the deadline has passed, or kill()
 * STOPPING -> EXITED     // ended
 *  KILLING -> EXITED     // ended, or abandoned
 * </pre>
 */
final class StateTransitions {
    /** Created before the first change of a state, because such a change allocates nothing. */
    private static final Map<WorkerState, Set<WorkerState>> SUCCESSORS = new EnumMap<>(Map.of(
            STARTING, EnumSet.of(ONLINE, DRAINING, STOPPING, KILLING),
            ONLINE, EnumSet.of(READY, DRAINING, STOPPING, KILLING),
            READY, EnumSet.of(DRAINING, STOPPING, KILLING),
            DRAINING, EnumSet.of(STOPPING, KILLING),
            STOPPING, EnumSet.of(KILLING, EXITED),
            KILLING, EnumSet.of(EXITED),
            EXITED, EnumSet.noneOf(WorkerState.class)));

    private StateTransitions() {}

    /** Returns the states that may follow. */
    static Set<WorkerState> successors(WorkerState state) {
        return requireNonNull(SUCCESSORS.get(state));
    }

    /**
     * Returns {@code next}.
     *
     * @throws IllegalStateException if that state may not follow
     */
    static WorkerState next(WorkerState state, WorkerState next) {
        if (!successors(state).contains(next)) {
            throw new IllegalStateException("a worker does not go from " + state + " to " + next);
        }
        return next;
    }
}
