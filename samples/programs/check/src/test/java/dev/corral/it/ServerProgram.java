package dev.corral.it;

import java.util.Locale;

/** Programs beside this module that answer {@code GET /} with {@code hello from worker 3}; each in a directory of its name. */
enum ServerProgram {
    NETTY, JETTY, TOMCAT, HELIDON, UNDERTOW, ROBAHO, SPRING, VERTX, QUARKUS, PEKKO, LOGBACK, LOG4J2, KOTLIN, NATIVES;

    /** Whether one copy takes seconds to start, and tens of megabytes. */
    boolean isLarge() {
        return this == SPRING || this == QUARKUS || this == PEKKO || this == KOTLIN;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
