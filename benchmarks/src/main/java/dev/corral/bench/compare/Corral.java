package dev.corral.bench.compare;

import java.util.List;

/** Corral: master and workers in one JVM. */
final class Corral implements Contender {
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
}
