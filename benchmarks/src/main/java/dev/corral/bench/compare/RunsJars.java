package dev.corral.bench.compare;

import java.io.IOException;
import java.nio.file.Path;

/** A contender that can run copies of any server that is an executable jar and takes its port as an argument. */
interface RunsJars extends Contender {
    /**
     * None yet.
     *
     * @param heapMib the largest heap that one copy may need
     * @param most how many are going to be started
     */
    Copies copies(Place place, Path jar, int heapMib, int most) throws IOException;
}
