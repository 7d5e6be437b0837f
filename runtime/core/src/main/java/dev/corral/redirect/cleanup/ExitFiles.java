package dev.corral.redirect.cleanup;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that the program wants to be deleted when it ends. They are deleted when the worker ends, not when the JVM
 * ends.
 */
@Documented(of = "`File.deleteOnExit`", becomes = "the file is deleted when this worker ends, in whatever way")
public final class ExitFiles implements Redirect {
    /** Paths, in the order in which they were registered. Guarded by its own monitor. */
    private final Set<String> files = new LinkedHashSet<>();

    @Replaces(type = File.class, method = "deleteOnExit")
    void deleteOnExit(File file) {
        synchronized (files) {
            files.add(file.getPath());
        }
    }

    /** Deletes the file that was registered last first, as the JDK does. */
    @Override
    public void close() {
        List<String> all;
        synchronized (files) {
            all = List.copyOf(files).reversed();
            files.clear();
        }
        for (String file : all) {
            var _ = new File(file).delete();
        }
    }
}
