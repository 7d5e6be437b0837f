package programs.common;

import java.io.FileInputStream;
import java.io.IOException;

/** A file that is open once for all workers. */
public final class SharedFile {
    private static FileInputStream file;

    private SharedFile() {}

    /** Opens the file, unless it is open. */
    public static synchronized FileInputStream open(String name) throws IOException {
        if (file == null) {
            file = new FileInputStream(name);
        }
        return file;
    }
}
