package dev.corral.it;

import java.util.Locale;

/** Programs beside this module that answer {@code GET /} with {@code hello from worker 3}; each in a directory of its name. */
enum ServerProgram {
    NETTY, JETTY, TOMCAT, HELIDON, UNDERTOW, ROBAHO, SPRING;

    /** Whether one copy takes seconds to start, and tens of megabytes. */
    boolean isLarge() {
        return this == SPRING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
