package dev.corral.samples;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.ReloadResult;
import java.nio.file.Path;

/** Runs the jar that it is given, and each further one that is named on a line of standard input, in place of the one before. */
public final class Deploy {
    private Deploy() {}

    /** Opens a cluster of four; ends with the input. */
    public static void main(String[] args) {
        try (Cluster cluster = Cluster.open(Program.jar(Path.of(args[0])), 4)) {
            for (String line = IO.readln(); line != null; line = IO.readln()) {
                deploy(cluster, Path.of(line));
            }
        }
    }

    /** 0 if all workers run the jar now, 1 if they are what they were before. */
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
