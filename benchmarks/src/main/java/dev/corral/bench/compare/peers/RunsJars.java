package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import java.io.IOException;
import java.nio.file.Path;

/** A contender that can run copies of any executable jar that is a server and takes its port as an argument. */
public interface RunsJars extends Contender {
    /**
     * Returns an object that starts copies; none is started yet.
     *
     * @param heapMib the largest heap that one copy may need, in MiB
     * @param most the number of copies that will be started
     */
    Copies copies(Place place, Path jar, int heapMib, int most) throws IOException;
}
