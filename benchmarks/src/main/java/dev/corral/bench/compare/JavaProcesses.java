package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** A JVM for each worker, started by a JVM that guards them. */
final class JavaProcesses implements Contender {
    static final String NAME = "Java processes";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a JVM for each worker, by `ProcessBuilder`; the kernel chooses among their sockets (SO_REUSEPORT)";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "-cp", place.classPath(), ProcessMaster.class.getName(),
                Integer.toString(port));
    }

    @Override
    public Optional<String> workerCommand() {
        return Optional.of(String.join(" ", ProcessMaster.workerCommand("java", "benchmarks.jar", "PORT")));
    }
}
