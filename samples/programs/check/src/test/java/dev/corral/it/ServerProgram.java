package dev.corral.it;

import java.util.Locale;

/** Programs beside this module that answer {@code GET /} with {@code hello from worker 3}; each in a directory of its name. */
enum ServerProgram {
    NETTY, JETTY, TOMCAT, HELIDON, UNDERTOW, ROBAHO, SPRING, VERTX, QUARKUS, PEKKO, LOGBACK, LOG4J2, KOTLIN, NATIVES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
