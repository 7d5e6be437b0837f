package dev.corral.bench.compare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where things are on this machine.
 *
 * @param root the project's directory
 * @param java the command that runs Java
 * @param classPath the benchmarks, with all that they need
 * @param node Node's command, if it is on the PATH
 * @param wrk the load generator, if it is on the PATH
 * @param pm2 PM2's directory, if it was installed beside what is measured
 */
record Place(Path root, Path java, String classPath, Optional<Path> node, Optional<Path> wrk, Optional<Path> pm2) {
    static Place find() {
        Path root = Path.of(System.getProperty("corral.root", ".")).toAbsolutePath().normalize();
        Optional<Path> pm2 = Optional.of(root.resolve("benchmarks/target/pm2/node_modules/pm2")).filter(Files::exists);
        return new Place(root, Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"), onPath("node"), onPath("wrk"), pm2);
    }

    /** Where the page, its figures as JSON, and what contenders print on standard error go. */
    Path output() {
        return root.resolve("benchmarks/target/compare");
    }

    private static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable).findFirst();
    }
}
