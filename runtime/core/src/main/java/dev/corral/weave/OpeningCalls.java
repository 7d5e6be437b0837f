package dev.corral.weave;

import java.util.Map;
import java.util.Set;

/**
 * The constructors and methods of the JDK that open something which an operating system closes when a process ends. The
 * weaver records what they return.
 */
final class OpeningCalls {
    private static final String CONSTRUCTOR = "<init>";
    private static final Set<String> ONLY_CONSTRUCTORS = Set.of(CONSTRUCTOR);

    private static final Map<String, Set<String>> CALLS = Map.ofEntries(
            Map.entry("java/io/FileInputStream", ONLY_CONSTRUCTORS),
            Map.entry("java/io/FileOutputStream", ONLY_CONSTRUCTORS),
            Map.entry("java/io/RandomAccessFile", ONLY_CONSTRUCTORS),
            Map.entry("java/io/FileReader", ONLY_CONSTRUCTORS),
            Map.entry("java/io/FileWriter", ONLY_CONSTRUCTORS),
            Map.entry("java/util/zip/ZipFile", ONLY_CONSTRUCTORS),
            Map.entry("java/util/jar/JarFile", ONLY_CONSTRUCTORS),
            Map.entry("java/nio/channels/FileChannel", Set.of("open")),
            Map.entry("java/nio/channels/AsynchronousFileChannel", Set.of("open")),
            Map.entry("java/nio/channels/DatagramChannel", Set.of("open")),
            Map.entry("java/nio/channels/Pipe", Set.of("open")),
            Map.entry("java/nio/channels/Selector", Set.of("open")),
            Map.entry("java/nio/channels/spi/SelectorProvider",
                    Set.of("openDatagramChannel", "openPipe", "openSelector")),
            Map.entry("java/nio/file/Files", Set.of("find", "lines", "list", "newBufferedReader", "newBufferedWriter",
                    "newByteChannel", "newDirectoryStream", "newInputStream", "newOutputStream", "walk")),
            Map.entry("java/nio/file/FileSystem", Set.of("newWatchService")),
            Map.entry("java/nio/file/spi/FileSystemProvider", Set.of("newAsynchronousFileChannel", "newByteChannel",
                    "newDirectoryStream", "newFileChannel", "newInputStream", "newOutputStream")),
            Map.entry("java/lang/foreign/Arena", Set.of("ofShared")));

    private OpeningCalls() {}

    /** Whether this constructor or method opens something. One that takes a file descriptor opens nothing. */
    static boolean contain(String owner, String name, String descriptor) {
        Set<String> names = CALLS.get(owner);
        return names != null && names.contains(name) && !descriptor.startsWith("(Ljava/io/FileDescriptor;");
    }

    /** Whether this class has constructors that open something. */
    static boolean haveConstructorOf(String owner) {
        return CALLS.get(owner) == ONLY_CONSTRUCTORS;
    }
}
