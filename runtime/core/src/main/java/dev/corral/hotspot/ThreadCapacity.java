package dev.corral.hotspot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The number of threads that the operating system allows this JVM. Known on Linux only. Thread-safe. */
public final class ThreadCapacity {
    private static final Path OF_CONTAINER = Path.of("/sys/fs/cgroup/pids.max");
    private static final Path OF_SYSTEM = Path.of("/proc/sys/kernel/threads-max");
    private static final Path OF_PROCESS = Path.of("/proc/self/limits");
    private static final String OF_USER = "Max processes";
    private static final int ALLOWED = read();

    private ThreadCapacity() {}

    /** Returns the smallest known limit, as of the first call; {@link Integer#MAX_VALUE} where none is known. */
    public static int allowed() {
        return ALLOWED;
    }

    private static int read() {
        if (!Platform.isLinux()) {
            return Integer.MAX_VALUE;
        }
        Stream<String> ofUser = lines(OF_PROCESS).stream().filter(line -> line.startsWith(OF_USER))
                .map(line -> line.substring(OF_USER.length()).strip().split("\\s+")[0]);
        return Stream.of(lines(OF_CONTAINER).stream(), lines(OF_SYSTEM).stream(), ofUser).flatMap(each -> each)
                .map(ThreadCapacity::parsed).flatMapToInt(OptionalInt::stream).min().orElse(Integer.MAX_VALUE);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not on this system
        }
    }

    /**
     * Returns the limit as a number; empty for {@code max}, {@code unlimited}, and numbers that are larger than any JVM
     * needs.
     */
    static OptionalInt parsed(String limit) {
        try {
            return OptionalInt.of(Integer.parseInt(limit.strip()));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
