package dev.corral.bench.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A JVM for each worker, started by a JVM that guards them. */
final class JavaProcesses implements RunsJars, SendsMessages {
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
    public Copies copies(Place place, Path jar, int heapMib, int most) {
        return new ProcessCopies(port -> List.of(place.java().toString(), "-Xmx" + heapMib + "m", "-jar",
                jar.toString(), Integer.toString(port)), Group.log(this, place));
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "-cp", place.classPath(), PipeMessages.class.getName());
    }

    @Override
    public Optional<String> workerCommand() {
        return Optional.of(String.join(" ", ProcessMaster.workerCommand("java", "benchmarks.jar", "PORT")));
    }
}
