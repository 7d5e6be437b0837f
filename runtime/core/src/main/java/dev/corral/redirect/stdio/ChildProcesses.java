package dev.corral.redirect.stdio;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.File;
import java.io.IOException;
import java.util.List;

/** Child processes that inherit the standard streams: they inherit the worker's, not the JVM's. */
@Documented(of = "`ProcessBuilder.inheritIO`, `Redirect.INHERIT`",
        becomes = "what the child prints becomes lines of this worker, and its input is empty. What it prints after the end of this "
                + "worker is dropped")
public final class ChildProcesses implements Redirect {
    private static final ProcessBuilder.Redirect NOTHING = ProcessBuilder.Redirect.from(new File("/dev/null"));

    private final StandardDescriptors descriptors;

    /** The redirect of the worker that has these descriptors. */
    public ChildProcesses(StandardDescriptors descriptors) {
        this.descriptors = descriptors;
    }

    @Replaces(type = ProcessBuilder.class, method = "start")
    Process start(ProcessBuilder builder) throws IOException {
        var before = new Streams(builder);
        try {
            redirect(builder);
            return builder.start();
        } finally {
            before.restore(builder);
        }
    }

    @Replaces(type = ProcessBuilder.class, method = "startPipeline")
    List<Process> startPipeline(List<ProcessBuilder> builders) throws IOException {
        List<ProcessBuilder> all = List.copyOf(builders);
        List<Streams> before = all.stream().map(Streams::new).toList();
        try {
            for (ProcessBuilder builder : all) {
                redirect(builder);
            }
            return ProcessBuilder.startPipeline(all);
        } finally {
            for (int i = 0; i < all.size(); i++) {
                before.get(i).restore(all.get(i));
            }
        }
    }

    private void redirect(ProcessBuilder builder) throws IOException {
        if (builder.redirectInput().type() == ProcessBuilder.Redirect.Type.INHERIT) {
            builder.redirectInput(NOTHING);
        }
        if (builder.redirectOutput().type() == ProcessBuilder.Redirect.Type.INHERIT) {
            builder.redirectOutput(to(false));
        }
        if (builder.redirectError().type() == ProcessBuilder.Redirect.Type.INHERIT) {
            builder.redirectError(to(true));
        }
    }

    /** Appends to the worker's standard error, or standard output. */
    private ProcessBuilder.Redirect to(boolean error) throws IOException {
        try {
            return ProcessBuilder.Redirect.appendTo(new File(descriptors.pipe(error).path()));
        } catch (LinkageError e) {
            throw new IOException("a child process cannot inherit the streams of a worker in this JVM", e);
        }
    }

    /** What a builder was set to. It is restored after the start, because the program may read it or start again. */
    private record Streams(ProcessBuilder.Redirect in, ProcessBuilder.Redirect out, ProcessBuilder.Redirect err) {
        Streams(ProcessBuilder builder) {
            this(builder.redirectInput(), builder.redirectOutput(), builder.redirectError());
        }

        void restore(ProcessBuilder builder) {
            builder.redirectInput(in).redirectOutput(out).redirectError(err);
        }
    }
}
