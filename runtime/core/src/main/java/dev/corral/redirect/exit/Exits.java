package dev.corral.redirect.exit;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;

/**
 * {@link System#exit}, {@link Runtime#exit} and {@link Runtime#halt}: they end the worker with that code and never
 * return.
 */
@Documented(of = "`System.exit`, `Runtime.exit`, `Runtime.halt`",
        becomes = "end this worker with that code, and never return to the caller")
public final class Exits implements Redirect {
    private final Ending ending;

    /** Ends the worker. */
    public interface Ending {
        /**
         * Ends the worker and does not return.
         *
         * @param code the exit code
         * @param halt whether shutdown hooks are skipped
         */
        void exit(int code, boolean halt);
    }

    /** The redirect of the worker that {@code ending} ends. */
    public Exits(Ending ending) {
        this.ending = ending;
    }

    @Replaces(type = System.class, method = "exit")
    void exit(int code) {
        ending.exit(code, false);
    }

    @Replaces(type = Runtime.class, method = "exit")
    void exit(Runtime runtime, int code) {
        ending.exit(code, false);
    }

    @Replaces(type = Runtime.class, method = "halt")
    void halt(Runtime runtime, int code) {
        ending.exit(code, true);
    }
}
