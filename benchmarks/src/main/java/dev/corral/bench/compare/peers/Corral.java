package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.program.CorralMaster;
import dev.corral.bench.compare.peers.program.CorralMessages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Corral: master and workers in one JVM. */
final class Corral implements RunsJars, SendsMessages {
    @Override
    public String name() {
        return Peers.CORRAL;
    }

    @Override
    public String description() {
        return "one JVM; each worker is an isolated copy of the program with one carrier thread";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "@" + place.root().resolve("runtime/jvm.flags"), "-cp",
                place.classPath(), CorralMaster.class.getName(), Integer.toString(port));
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "@" + place.root().resolve("runtime/jvm.flags"), "-cp",
                place.classPath(), CorralMessages.class.getName());
    }

    @Override
    public boolean transfersBodies() {
        return true;
    }

    @Override
    public Copies copies(Place place, Path jar, int heapMib, int most) throws IOException {
        int port = Group.freePort();
        var command = new ArrayList<>(command(place, port));
        command.add(1, "-Xmx" + heapMib * most + "m");
        command.add(jar.toString());
        return new ClusterCopies(name(), place, port, command);
    }
}
