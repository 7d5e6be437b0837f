package dev.corral.bench.compare.machine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The paths on this machine.
 *
 * @param root the project's directory
 * @param java the command that runs Java
 * @param classPath the benchmarks, with everything that they need
 * @param node Node's command, if it is on the PATH
 * @param wrk the load generator, if it is on the PATH
 * @param pm2 PM2's directory, if it is installed
 * @param peers the directory of the libraries that are measured, and of everything that they need
 */
public record Place(Path root, Path java, String classPath, Optional<Path> node, Optional<Path> wrk, Optional<Path> pm2,
        Path peers) {
    public static Place find() {
        Path root = Path.of(System.getProperty("corral.root", ".")).toAbsolutePath().normalize();
        Optional<Path> pm2 = Optional.of(root.resolve("benchmarks/target/pm2/node_modules/pm2")).filter(Files::exists);
        return new Place(root, Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"), onPath("node"), onPath("wrk"), pm2,
                root.resolve("benchmarks/target/peers"));
    }

    /** Returns the class path of JVMs that run a peer. */
    public String peersClassPath() {
        return classPath + File.pathSeparator + peers.resolve("*");
    }

    /** Returns the version of a library; empty if it is not installed. */
    public Optional<String> peerVersion(String library) {
        try (Stream<Path> jars = Files.list(peers)) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.matches(library + "-[0-9].*\\.jar")).findFirst()
                    .map(name -> name.substring(library.length() + 1, name.length() - ".jar".length()));
        } catch (IOException e) {
            return Optional.empty(); // the directory does not exist
        }
    }

    /** Returns why a library cannot be measured; empty if it can. */
    public Optional<String> missingPeer(String library) {
        return peerVersion(library).isPresent() ? Optional.empty() : Optional.of(library + " is not in " + peers);
    }

    /** Returns the directory of the page, its figures as JSON, and the standard error of contenders. */
    public Path output() {
        return root.resolve("benchmarks/target/compare");
    }

    /** Returns the file that receives the standard error of a contender. */
    public Path log(String contender) {
        return output().resolve(contender.toLowerCase(Locale.ROOT).replace(' ', '-') + ".log");
    }

    /** Returns a command as the page shows it: without the parts that only this machine has, and with "PORT" for 0. */
    public String portable(List<String> command) {
        return command.stream().map(word -> word.replace(classPath, "benchmarks.jar").replace(root + "/", ""))
                .map(word -> word.equals("0") ? "PORT" : word.equals(java.toString()) ? "java" : word)
                .map(word -> node.filter(path -> path.toString().equals(word)).isPresent() ? "node" : word)
                .collect(Collectors.joining(" "));
    }

    private static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable).findFirst();
    }
}
