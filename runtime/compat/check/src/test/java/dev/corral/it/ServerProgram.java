package dev.corral.it;

import dev.corral.testing.Soak;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs beside this module that answer {@code GET /} with {@code hello from worker 3}; each in a directory of its
 * name.
 */
enum ServerProgram {
    NETTY, JETTY, TOMCAT, HELIDON, UNDERTOW, ROBAHO, VERTX, QUARKUS, SPRING, PEKKO, LOGBACK, LOG4J2, KOTLIN, NATIVES;

    /** Programs whose start takes several seconds of CPU time. */
    private static final Set<ServerProgram> LARGE = EnumSet.of(QUARKUS, SPRING, PEKKO, KOTLIN);
    private static final int COPIES_OF_LARGE = Soak.number("corral.copies", 2, 4);

    /** The number of copies that share a port: four, or fewer of a large program in the build. */
    int copies() {
        return LARGE.contains(this) ? COPIES_OF_LARGE : 4;
    }

    /**
     * The programs that the system property {@code corral.programs} names; if it is not set, those for the build or for
     * a soak.
     */
    static Set<ServerProgram> wanted(Set<ServerProgram> inBuild, Set<ServerProgram> inSoak) {
        String names = System.getProperty("corral.programs", "");
        if (names.isEmpty()) {
            return Soak.isOn() ? inSoak : inBuild;
        }
        return Stream.of(names.split(",")).map(name -> valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ServerProgram.class)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
