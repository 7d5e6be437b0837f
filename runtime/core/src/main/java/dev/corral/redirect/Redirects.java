package dev.corral.redirect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The redirects of one worker, one of each kind. */
public final class Redirects {
    private final Map<Class<? extends Redirect>, Redirect> byType = new LinkedHashMap<>();

    /** In this order; undone in the reverse one. */
    public Redirects(Redirect... all) {
        for (Redirect redirect : all) {
            byType.put(redirect.getClass(), redirect);
        }
    }

    /** The one of this kind. */
    public <R extends Redirect> R get(Class<R> type) {
        return type.cast(Objects.requireNonNull(byType.get(type), type.getName()));
    }

    /** Undoes all of them, whatever one throws. Returns what they threw. */
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
