package dev.corral.redirect;

import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Files that are to be deleted when the program ends. The JDK would keep their names until the JVM does. */
@Documented(of = "`File.deleteOnExit`", becomes = "deletes when this worker ends, in whatever way")
public final class ExitFiles implements Redirect {
    /** Guarded by its own monitor. */
    private final Set<String> files = new LinkedHashSet<>();

    /** Without one yet. */
    ExitFiles() {}

    @Replaces(type = File.class, method = "deleteOnExit")
    void deleteOnExit(File file) {
        synchronized (files) {
            files.add(file.getPath());
        }
    }

    /** What was registered last goes first, as in the JDK. */
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
