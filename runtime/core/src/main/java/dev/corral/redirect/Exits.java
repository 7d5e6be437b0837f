package dev.corral.redirect;

/** {@link System#exit} and its kin: they end the worker, with that code, and never return. */
@Documented(of = "`System.exit`, `Runtime.exit`, `Runtime.halt`",
        becomes = "end this worker with that code, and never return to the caller")
public final class Exits implements Redirect {
    private final Ending ending;

    /** What a call leads to. */
    public interface Ending {
        /**
         * Ends the worker and does not return.
         *
         * @param halt whether shutdown hooks are passed over
         */
        void exit(int code, boolean halt);
    }

    /** Ends the worker through {@code ending}. */
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
