package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.program.PipeMessages;
import dev.corral.bench.compare.peers.program.ProcessMaster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A JVM for each worker, started by a JVM that guards them. */
final class JavaProcesses implements RunsJars, SendsMessages {
    @Override
    public String name() {
        return Peers.JAVA_PROCESSES;
    }

    @Override
    public String description() {
        return "a JVM for each worker, started by `ProcessBuilder`; the kernel chooses one of their sockets (SO_REUSEPORT)";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "-cp", place.classPath(), ProcessMaster.class.getName(),
                Integer.toString(port));
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.SERVES, Ability.FORKS, Ability.SHARES_PORT, Ability.LIMITS_MEMORY);
    }

    @Override
    public Copies copies(Place place, Path jar, int heapMib, int most) {
        return new ProcessCopies(port -> List.of(place.java().toString(), "-Xmx" + heapMib + "m", "-jar",
                jar.toString(), Integer.toString(port)), place.log(name()));
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
