package programs;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Opens a thing of each kind that a system closes at the end of a process, and ends with all of them open. */
public final class LeavesOpen {
    private static final List<Object> KEPT = new ArrayList<>();

    private LeavesOpen() {}

    /** A class of the program; its own method does not run any more when the worker has ended. */
    private static final class OwnStream extends FileInputStream {
        OwnStream(Path file) throws IOException {
            super(choose(true) ? file.toFile() : new File("absent"));
        }

        @Override
        public void close() throws IOException {
            System.out.println("closed by the program");
            super.close();
        }
    }

    private static boolean choose(boolean value) {
        return value;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Path file = directory.resolve("file");
        Files.writeString(file, "one\ntwo\n");
        Path zip = directory.resolve("zip");
        new ZipOutputStream(Files.newOutputStream(zip)).close();
        // closed by the program: what follows must not disturb it
        try (var in = new FileInputStream(file.toFile()); var channel = FileChannel.open(file)) {
            if (in.read() < 0 || channel.size() == 0) {
                throw new IllegalStateException("empty");
            }
        }
        KEPT.add(new FileInputStream(choose(true) ? file.toFile() : new File("absent")));
        KEPT.add(new OwnStream(file));
        KEPT.add(new FileOutputStream(directory.resolve("out").toFile()));
        KEPT.add(new RandomAccessFile(file.toFile(), "rw"));
        KEPT.add(new FileReader(file.toFile()));
        KEPT.add(new FileWriter(directory.resolve("written").toFile()));
        KEPT.add(FileChannel.open(file, StandardOpenOption.READ));
        KEPT.add(AsynchronousFileChannel.open(file, StandardOpenOption.READ));
        KEPT.add(Files.newInputStream(file));
        KEPT.add(Files.newBufferedReader(file));
        KEPT.add(Files.newByteChannel(file));
        KEPT.add(Files.newDirectoryStream(directory));
        KEPT.add(Files.lines(file));
        var walk = Files.walk(directory);
        KEPT.add(walk.iterator());
        KEPT.add(new ZipFile(zip.toFile()));
        var watch = FileSystems.getDefault().newWatchService();
        directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        KEPT.add(watch);
        KEPT.add(Selector.open());
        KEPT.add(Pipe.open());
        KEPT.add(DatagramChannel.open());
        System.out.println("open " + KEPT.size());
        System.exit(3);
    }
}
