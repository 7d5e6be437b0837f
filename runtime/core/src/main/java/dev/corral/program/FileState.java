package dev.corral.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The state of a file or of a tree of files. Two states are equal if nothing has changed between them. */
record FileState(Path path, long size, long modifiedNanos, String fileKeys) {
    /** Reads the state of a file, or of a directory with all its contents. */
    static FileState of(Path real) throws IOException {
        if (!Files.isDirectory(real)) {
            return ofFile(real);
        }
        long size = 0;
        long modifiedNanos = 0;
        var files = new StringBuilder();
        try (Stream<Path> tree = Files.walk(real)) {
            for (Path path : tree.sorted().toList()) {
                FileState state = ofFile(path);
                size += state.size;
                modifiedNanos = modifiedNanos * 31 + state.modifiedNanos;
                files.append(path).append(state.fileKeys);
            }
        }
        return new FileState(real, size, modifiedNanos, files.toString());
    }

    /** Reads the state of a file, or of a directory without its contents. */
    static FileState ofFile(Path path) throws IOException {
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileState(path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                String.valueOf(attributes.fileKey()));
    }
}
