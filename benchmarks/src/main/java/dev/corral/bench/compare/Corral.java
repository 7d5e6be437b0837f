package dev.corral.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Corral: master and workers in one JVM. */
final class Corral implements RunsJars, SendsMessages {
    static final String NAME = "Corral";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "one JVM; each worker is an isolated copy of the program, with one carrier";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "@" + place.root().resolve("runtime/jvm.flags"), "-cp",
                place.classPath(), CorralMaster.class.getName(), Integer.toString(port));
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
        return new ClusterCopies(this, place, port, command);
    }
}
