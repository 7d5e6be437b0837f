package dev.corral.worker;

import dev.corral.thread.Failures;
import dev.corral.thread.Log;
import java.util.function.BooleanSupplier;

/**
 * Starts threads for what a program does at its end: drain actions, a signal handler, shutdown hooks. The operating system may have no
 * thread at that moment. The program must be able to do its work all the same, so the start is tried again until the phase is over.
 */
final class PatientStart {
    private static final Log LOG = Log.get();

    private PatientStart() {}

    /**
     * Runs the action, and runs it again as long as it throws an OutOfMemoryError and the phase is not over.
     *
     * @param what begins the line that is logged
     * @param action starts a thread; what it has done before it throws must bear to be done again
     * @return false if the phase is over and the action has not been completed
     */
    static boolean run(String what, BooleanSupplier isOver, Runnable action) {
        while (!isOver.getAsBoolean()) {
            try {
                action.run();
                return true;
            } catch (OutOfMemoryError e) { // this is what a refused thread is reported by
                Failures.tell(LOG, what, e);
                Failures.pause();
            }
        }
        return false;
    }
}
