package dev.corral.redirect;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment: that of the JVM, under the worker's own variables. */
@Documented(of = "`System.getenv`", becomes = "its own; `CORRAL_ID`, `CORRAL_SLOT`, `CORRAL_NAME` tell who it is")
public final class Environment implements Redirect {
    private final Map<String, String> own;
    /** Made when the worker first asks for all; several threads may make it, and make the same. */
    private volatile @Nullable Map<String, String> all;

    /** With these variables over those of the JVM. */
    public Environment(Map<String, String> own) {
        this.own = Map.copyOf(own);
    }

    /** All of them. */
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

    @Replaces(type = System.class, method = "getenv")
    @Nullable
    String getenv(String name) {
        String value = own.get(name);
        return value == null ? System.getenv(name) : value;
    }
}
