package dev.corral.hotspot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The process that listens on a TCP port, for messages about a port that is in use. Known on Linux only, and only for
 * processes of the same user, because the system does not show the descriptors of others. Thread-safe.
 */
public final class ListeningProcess {
    private static final Path PROCESSES = Path.of("/proc");
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENS = "0A";

    private ListeningProcess() {}

    /**
     * Returns the process that listens on a port, as in {@code process 4711 (java)}; empty if it is not known. Reads
     * the descriptors of all processes, which takes milliseconds.
     */
    public static Optional<String> on(int port) {
        Set<String> sockets = new HashSet<>();
        SOCKETS.forEach(table -> addListeners(table, port, sockets));
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return processes.filter(process -> hasDescriptor(process, sockets)).findFirst()
                    .map(ListeningProcess::describe);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Adds the sockets of a table that listen on a port, as they are named in {@code /proc/PID/fd}. */
    private static void addListeners(Path table, int port, Set<String> sockets) {
        String end = String.format(":%04X", port);
        try (Stream<String> lines = Files.lines(table)) {
            lines.map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 9 && columns[1].endsWith(end) && columns[3].equals(LISTENS))
                    .forEach(columns -> sockets.add("socket:[" + columns[9] + "]"));
        } catch (IOException | UncheckedIOException e) {
            // not on this system
        }
    }

    private static boolean hasDescriptor(Path process, Set<String> sockets) {
        if (!Character.isDigit(process.getFileName().toString().charAt(0))) {
            return false;
        }
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> isOneOf(descriptor, sockets));
        } catch (IOException | UncheckedIOException e) {
            return false; // it has ended, or belongs to another user
        }
    }

    private static boolean isOneOf(Path descriptor, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static String describe(Path process) {
        long pid = Long.parseLong(process.getFileName().toString());
        String name = "";
        try {
            name = " (" + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException e) {
            // it has ended
        }
        return (pid == ProcessHandle.current().pid() ? "this process, " : "process ") + pid + name;
    }
}
