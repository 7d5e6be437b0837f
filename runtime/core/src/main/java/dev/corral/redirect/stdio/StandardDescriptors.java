package dev.corral.redirect.stdio;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.thread.Log;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file descriptors of the standard streams. A worker's descriptors belong to pipes, which are created when the
 * program first asks for them. So the program may close streams and channels of these descriptors, and the JVM's
 * streams stay open.
 */
@Documented(of = "`FileDescriptor.out`, `err`, `in`",
        becomes = "its own. What is written to them becomes lines, like those of `System.out`; the input is empty; closing them closes "
                + "nothing of the JVM")
public final class StandardDescriptors implements Redirect {
    private static final Log LOG = Log.get();

    private final Output output;
    // Created at the first use. Guarded by the monitor.
    private @Nullable OutputPipe out;
    private @Nullable OutputPipe err;
    private @Nullable FileInputStream in;
    private boolean closed;

    /** The redirect of the worker with this output, which receives what is written. */
    public StandardDescriptors(Output output) {
        this.output = output;
    }

    @Replaces(type = FileDescriptor.class, field = "out")
    FileDescriptor out() {
        return descriptor(false);
    }

    @Replaces(type = FileDescriptor.class, field = "err")
    FileDescriptor err() {
        return descriptor(true);
    }

    /** The descriptor of an empty file. {@link Input} is empty as well. */
    @Replaces(type = FileDescriptor.class, field = "in")
    synchronized FileDescriptor in() {
        try {
            if (in == null || !in.getFD().valid()) {
                in = new FileInputStream("/dev/null");
            }
            return in.getFD();
        } catch (IOException e) {
            return none(e);
        }
    }

    private FileDescriptor descriptor(boolean error) {
        try {
            return pipe(error).descriptor();
        } catch (IOException | LinkageError e) {
            return none(e);
        }
    }

    /** An invalid descriptor: using it fails, and harms nobody else. */
    private static FileDescriptor none(Throwable reason) {
        LOG.failed("a worker gets no descriptor of a standard stream", reason);
        return new FileDescriptor();
    }

    /** The pipe to standard error, or to standard output. */
    synchronized OutputPipe pipe(boolean error) throws IOException {
        if (closed) {
            throw new IOException("the worker has ended");
        }
        OutputPipe made = error ? err : out;
        if (made == null) {
            made = new OutputPipe(output.lines(error));
            if (error) {
                err = made;
            } else {
                out = made;
            }
        }
        return made;
    }

    /** Closes the worker's ends of the pipes. */
    @Override
    public synchronized void close() {
        closed = true;
        close(out == null ? null : out::close);
        close(err == null ? null : err::close);
        close(in == null ? null : in::close);
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void close(@Nullable Closing end) {
        try {
            if (end != null) {
                end.close();
            }
        } catch (IOException e) {
            LOG.failed("closing a descriptor of a standard stream", e);
        }
    }
}
