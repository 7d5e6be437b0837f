package programs;

import java.io.IOException;
import programs.common.SharedFile;

/** Reads one character of a file that all workers have open together. */
public final class ReadsSharedFile {
    private ReadsSharedFile() {}

    public static void main(String[] args) throws IOException {
        System.out.println("read " + (char) SharedFile.open(args[0]).read());
    }
}
