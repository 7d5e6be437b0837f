package dev.corral.redirect;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker that the current thread belongs to, for code that no woven call leads to: dispatchers that the JDK itself
 * calls, and constructors of {@linkplain Substitutes substitutes}.
 */
public final class CurrentWorker {
    /** Returns the redirects of the worker that the current thread belongs to; null for a thread of no worker. */
    private static volatile Supplier<@Nullable Redirects> redirects = () -> null;

    private CurrentWorker() {}

    /**
     * Sets how the redirects of the current thread's worker are found. Called when the first cluster opens, before any
     * worker starts.
     */
    public static void findBy(Supplier<@Nullable Redirects> supplier) {
        redirects = supplier;
    }

    /**
     * The redirect of this class of the worker that the current thread belongs to; null if the thread belongs to no
     * worker.
     */
    public static <R extends Redirect> @Nullable R redirect(Class<R> type) {
        Redirects current = redirects.get();
        return current == null ? null : current.get(type);
    }
}
