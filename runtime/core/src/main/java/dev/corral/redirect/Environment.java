package dev.corral.redirect;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The environment: that of the JVM, under the worker's own variables. */
public final class Environment implements Redirect {
    private final Map<String, String> variables;

    /** With these variables over those of the JVM. */
    public Environment(Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.putAll(own);
        variables = Collections.unmodifiableMap(all);
    }

    /** All of them. */
    @Replaces(type = System.class, method = "getenv")
    public Map<String, String> getenv() {
        return variables;
    }

    @Replaces(type = System.class, method = "getenv")
    @Nullable
    String getenv(String name) {
        return variables.get(name);
    }
}
