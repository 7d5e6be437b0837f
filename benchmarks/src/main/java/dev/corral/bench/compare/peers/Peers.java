package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contenders. Targets and rows name a contender by the constants of this class. */
public final class Peers {
    public static final String CORRAL = "Corral";
    public static final String NODE_CLUSTER = "Node cluster";
    public static final String JAVA_PROCESSES = "Java processes";
    public static final String BARE = "bare";

    private static final List<MessageLibrary> LIBRARIES = List.of(MessageLibrary.VERTX, MessageLibrary.PEKKO);

    /** All contenders, in the order of the page. */
    public static final List<Contender> ALL = List.of(new Corral(), new NodeCluster(), new NodeThreads(), new Pm2(),
            new JavaProcesses(), new Bare(), MessageLibrary.VERTX, MessageLibrary.PEKKO);

    private Peers() {}

    /** Returns the versions of the libraries that are measured, by the name of their contender. */
    public static Map<String, String> versions(Place place) {
        var versions = new LinkedHashMap<String, String>();
        for (MessageLibrary library : LIBRARIES) {
            versions.put(library.name(), place.peerVersion(library.artifact()).orElse("not installed"));
        }
        return versions;
    }
}
