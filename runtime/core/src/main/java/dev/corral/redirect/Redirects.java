package dev.corral.redirect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The redirects of one worker, one instance of each kind. Filled by the thread that creates the worker, before the
 * worker starts; after that the set never changes, and any thread may read it.
 */
public final class Redirects {
    /** In the order of creation. */
    private final Map<Class<? extends Redirect>, Redirect> byType = new LinkedHashMap<>();

    private Redirects() {}

    /**
     * Creates an instance of each kind, in this order. The order has two meanings: a redirect that needs another one
     * stands after that one, and at the worker's end they are undone in the reverse order.
     */
    public static <W> Redirects of(W worker, List<Kind<W>> kinds) {
        var redirects = new Redirects();
        for (Kind<W> kind : kinds) {
            redirects.byType.put(kind.type(), kind.factory().apply(worker, redirects));
        }
        return redirects;
    }

    /** The instance of this class. */
    public <R extends Redirect> R get(Class<R> type) {
        return type.cast(Objects.requireNonNull(byType.get(type), type.getName()));
    }

    /**
     * Undoes all redirects, the last one first. A failure does not keep the others from being undone. Returns the
     * failures.
     */
    public List<Throwable> undo() {
        List<Throwable> failures = new ArrayList<>();
        for (Redirect redirect : List.copyOf(byType.values()).reversed()) {
            try {
                redirect.close();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
        return failures;
    }
}
