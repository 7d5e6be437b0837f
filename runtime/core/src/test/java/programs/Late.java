package programs;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Embeds a cluster that runs {@link Generated} with a class that spins, and kills its worker once it does. Arguments:
 * class path of the program, the arguments of it.
 */
public final class Late {
    private Late() {}

    public static void main(String[] args) throws Exception {
        System.out.println("capabilities " + Cluster.capabilities());
        List<Path> classPath = Arrays.stream(args[0].split(File.pathSeparator)).map(Path::of).toList();
        Program program =
                Program.classPath(classPath, "programs.Generated", Arrays.copyOfRange(args, 1, args.length));
        try (Cluster cluster = Cluster.open(program,
                config -> config.withWorkers(1).withName("late").withRestart(RestartPolicy.NEVER))) {
            var worker = cluster.worker(1).orElseThrow();
            while (!isSpinning()) {
                Thread.sleep(10);
            }
            System.out.println("unwoven " + worker.stats().unwoven());
            worker.kill().get();
            System.out.println("stopped " + cluster.stats().stoppedThreads());
        }
    }

    private static boolean isSpinning() {
        return Thread.getAllStackTraces().entrySet().stream().anyMatch(entry -> entry.getValue().length > 1
                && entry.getKey().getName().equals("late#1/main")
                && entry.getValue()[0].getMethodName().equals("run"));
    }
}
