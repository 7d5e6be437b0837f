package dev.corral.program;

import dev.corral.CorralException;
import static java.util.Objects.requireNonNull;

import dev.corral.files.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The copies of one jar or directory, in their own directory. A jar that contains jars has several copies. Other
 * programs may delete the copies while they are in use, because they remove old temporary files; {@link #restore}
 * creates them again.
 */
final class CopiedPlace {
    private final Path real;
    private final Path directory;
    /**
     * The copied files and directories, each with the state of its original at that time, parents first. Written by
     * {@link #copyNow} only.
     */
    private final Map<Path, FileState> originals = new LinkedHashMap<>();
    /** Whether the copies were unpacked from the original. Written by {@link #copyNow} only. */
    private boolean isUnpacked;
    /** The copies that the store hands out. Written once by the store, before other threads see this object. */
    List<SnapshotStore.Copy> copies = List.of();

    /**
     * Creates a place without copies.
     *
     * @param real the jar or directory to copy
     * @param directory an empty directory for the copies
     */
    CopiedPlace(Path real, Path directory) {
        this.real = real;
        this.directory = directory;
    }

    /** Copies the original. Returns the jars or directories to read, the classes first. */
    List<Path> copyNow() throws IOException {
        Path target = directory.resolve(real.getFileName() == null ? "root" : real.getFileName().toString());
        if (Files.isDirectory(real)) {
            Files.walkFileTree(real, new TreeCopier(real, target));
            return List.of(target);
        }
        copyFile(real, target);
        List<Path> nested = NestedJars.unpack(target, directory);
        if (nested == null) {
            return List.of(target);
        }
        FileState whole = requireNonNull(originals.get(target));
        Files.delete(target);
        originals.clear();
        isUnpacked = true;
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.toList()) {
                path.toFile().deleteOnExit(); // in this order: the path that is registered last is deleted first
                originals.put(path, whole);
            }
        }
        return nested;
    }

    private void copyFile(Path original, Path copy) throws IOException {
        FileState state = FileState.ofFile(original);
        Files.copy(original, copy, StandardCopyOption.COPY_ATTRIBUTES);
        copy.toFile().deleteOnExit();
        originals.put(copy, state);
    }

    /**
     * Creates the deleted copies again.
     *
     * @throws CorralException if the original of a deleted copy has changed since then or cannot be copied
     */
    synchronized void restore() {
        List<Path> missing = originals.keySet().stream().filter(copy -> !Files.exists(copy, LinkOption.NOFOLLOW_LINKS))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try {
            TemporaryDirectory.restore(directory);
            List<Path> lost = isUnpacked ? unpackAgain(missing) : copyAgain(missing);
            if (!lost.isEmpty()) {
                throw new CorralException("the copy " + lost.getFirst() + " has been deleted, and its original in "
                        + real + " has changed since; reload the program, and keep " + directory
                        + " from whatever deletes temporary files");
            }
        } catch (IOException e) {
            throw new CorralException("the copy of " + real + " in " + directory
                    + " has been deleted, and cannot be created again: " + e, e);
        }
    }

    /** Copies the missing files again. Returns the copies whose originals have changed. */
    private List<Path> copyAgain(List<Path> missing) throws IOException {
        List<Path> lost = new ArrayList<>();
        for (Path copy : missing) {
            FileState original = originals.get(copy);
            if (original == null || !isUnchanged(original)) {
                lost.add(copy);
            } else if (Files.isDirectory(original.path())) {
                Files.createDirectories(copy);
            } else {
                Path whole = copy.resolveSibling(copy.getFileName() + ".new");
                Files.copy(original.path(), whole, StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
                Files.move(whole, copy, StandardCopyOption.ATOMIC_MOVE); // another thread may open the file just now
            }
        }
        return lost;
    }

    /**
     * Whether the original is as it was. Only the existence of a directory counts, because its files have their own
     * states.
     */
    private static boolean isUnchanged(FileState original) {
        try {
            return Files.isDirectory(original.path()) || FileState.ofFile(original.path()).equals(original);
        } catch (IOException e) { // the original no longer exists
            return false;
        }
    }

    private List<Path> unpackAgain(List<Path> missing) throws IOException {
        if (!FileState.ofFile(real).equals(originals.values().iterator().next())) {
            return missing;
        }
        Path fresh = TemporaryDirectory.newPlace("");
        try {
            var _ = NestedJars.unpack(Files.copy(real, fresh.resolve(real.getFileName())), fresh);
            for (Path copy : missing) {
                Path whole = fresh.resolve(directory.relativize(copy));
                if (Files.isDirectory(whole)) {
                    Files.createDirectories(copy);
                } else {
                    Files.move(whole, copy, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return List.of();
        } finally {
            TemporaryDirectory.deleteTree(fresh);
        }
    }

    /** Copies a tree of files. Does not follow links. */
    private final class TreeCopier extends SimpleFileVisitor<Path> {
        private final Path source;
        private final Path target;

        TreeCopier(Path source, Path target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
            Path copy = Files.createDirectories(target.resolve(source.relativize(from).toString()));
            copy.toFile().deleteOnExit();
            originals.put(copy, FileState.ofFile(from));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path copy = target.resolve(source.relativize(file).toString());
            copyFile(file, copy);
            return FileVisitResult.CONTINUE;
        }
    }
}
