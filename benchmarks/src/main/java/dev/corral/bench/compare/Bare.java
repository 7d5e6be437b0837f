package dev.corral.bench.compare;

import java.util.List;

/** The same program in one JVM, without a cluster: the reference for the others. */
final class Bare implements Contender {
    static final String NAME = "bare";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "the program alone in one JVM, without a cluster: the reference for the HTTP rows";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "-cp", place.classPath(), BareMaster.class.getName(),
                Integer.toString(port));
    }

    @Override
    public boolean isCluster() {
        return false;
    }
}
