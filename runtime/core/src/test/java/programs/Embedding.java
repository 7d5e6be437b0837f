package programs;

import dev.corral.Cluster;
import dev.corral.Program;
import java.nio.file.Path;
import java.util.List;

/**
 * A program with a cluster of its own, which ends in the way that its first argument names. The second one is a class
 * path.
 */
public final class Embedding {
    private Embedding() {}

    public static void main(String[] args) throws Exception {
        Program program = Program.classPath(List.of(Path.of(args[1])), "programs.Probe", "hooks");
        try (Cluster cluster = Cluster.open(program, 2)) {
            while (cluster.workers().stream().anyMatch(worker -> worker.stats().uptime().isZero())) {
                Thread.onSpinWait();
            }
            System.out.println("open");
            if (!new String(System.in.readNBytes(1)).equals("x")) {
                return;
            }
            if (args[0].equals("throw")) {
                throw new IllegalStateException("the master's own fault");
            }
            System.exit(5);
        }
    }
}
