package dev.corral.samples;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.ReloadResult;
import java.nio.file.Path;

/** Runs the jar in its first argument. Each line of standard input names a jar that replaces the previous one. */
public final class Deploy {
    private Deploy() {}

    /** Opens a cluster of four workers; ends at the end of standard input. */
    public static void main(String[] args) {
        try (Cluster cluster = Cluster.open(Program.jar(Path.of(args[0])), 4)) {
            for (String line = IO.readln(); line != null; line = IO.readln()) {
                deploy(cluster, Path.of(line));
            }
        }
    }

    /** Returns 0 if all workers run the new jar, and 1 if they run the previous one. */
    static int deploy(Cluster cluster, Path jar) {
        return switch (cluster.reload(Program.jar(jar)).join()) {
            case ReloadResult.Completed done -> {
                System.out.println("now " + done.fingerprint());
                yield 0;
            }
            case ReloadResult.Aborted failed -> {
                System.err.println("slot " + failed.slot() + ": " + failed.why());
                yield 1;
            }
        };
    }
}
