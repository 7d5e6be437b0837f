package dev.corral.report;

import dev.corral.ExitReason;
import dev.corral.hotspot.Descriptors;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognizes a worker that ended because the host had no file descriptor or no thread left. Such a failure says nothing
 * about the program. It is recognized by its text, because the JDK throws an exception of a general type in either
 * case.
 */
public final class Shortage {
    private static final List<String> TEXTS = texts();

    private Shortage() {}

    private static List<String> texts() {
        List<String> texts = new ArrayList<>(List.of("unable to create native thread", "Too many open files"));
        texts.addAll(Descriptors.textsOfTooMany()); // in the language of the process's locale
        return List.copyOf(texts);
    }

    /** Whether the worker crashed with an exception, or a cause, that reports a lack of descriptors or threads. */
    public static boolean isReasonOf(ExitReason reason) {
        return reason instanceof ExitReason.Crashed crashed
                && TEXTS.stream().anyMatch(crashed.failure().stackTrace()::contains);
    }
}
