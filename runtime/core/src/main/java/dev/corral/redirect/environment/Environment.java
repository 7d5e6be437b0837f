package dev.corral.redirect.environment;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment variables: those of the JVM, and the worker's own, which take precedence. */
@Documented(of = "`System.getenv`",
        becomes = "its own variables over those of the JVM. `CORRAL_ID`, `CORRAL_SLOT` and `CORRAL_NAME` identify the worker")
public final class Environment implements Redirect {
    private final Map<String, String> own;
    /** Created when the worker first asks for all variables. Several threads may create it; all create the same. */
    private volatile @Nullable Map<String, String> all;

    /** The environment with these variables in addition to those of the JVM. */
    public Environment(Map<String, String> own) {
        this.own = Map.copyOf(own);
    }

    /** All variables. */
    @Replaces(type = System.class, method = "getenv")
    public Map<String, String> getenv() {
        Map<String, String> made = all;
        if (made == null) {
            Map<String, String> variables = new HashMap<>(System.getenv());
            variables.putAll(own);
            made = Collections.unmodifiableMap(variables);
            all = made;
        }
        return made;
    }

    /** The variables that the worker has in addition to those of the JVM, or instead of them. */
    public Map<String, String> own() {
        return own;
    }

    @Replaces(type = System.class, method = "getenv")
    @Nullable
    String getenv(String name) {
        String value = own.get(name);
        return value == null ? System.getenv(name) : value;
    }
}
