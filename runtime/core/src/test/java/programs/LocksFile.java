package programs;

import dev.corral.WorkerContext;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Locks a file as it is told to by messages, and answers what came of it. */
public final class LocksFile {
    private LocksFile() {}

    public static void main(String[] args) throws Exception {
        var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var other = FileChannel.open(Path.of(args[0] + ".other"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var locks = new java.util.ArrayList<FileLock>();
        WorkerContext.current().onMessage(message -> {
            FileLock lock;
            try {
                lock = switch ((String) message.body()) {
                    case "try" -> channel.tryLock();
                    case "try first" -> channel.tryLock(0, 10, false);
                    case "try second" -> channel.tryLock(10, 10, false);
                    case "try other" -> other.tryLock();
                    case "wait" -> channel.lock();
                    case "release" -> {
                        locks.removeLast().release();
                        yield null;
                    }
                    default -> throw new IllegalArgumentException(message.body().toString());
                };
            } catch (OverlappingFileLockException e) {
                message.reply("overlaps");
                return;
            }
            if (lock != null) {
                locks.add(lock);
            }
            message.reply(lock == null ? "none" : "lock");
        });
    }
}
