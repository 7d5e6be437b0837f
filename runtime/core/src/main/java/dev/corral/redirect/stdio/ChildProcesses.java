package dev.corral.redirect.stdio;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.environment.Environment;
import dev.corral.thread.Log;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Child processes: they inherit the environment and the standard streams of the worker, not those of the JVM. At the
 * worker's end their pipes are closed and they are left running, as a process that ends leaves them. Thread-safe.
 */
@Documented(of = "`ProcessBuilder`, `Runtime.exec`",
        becomes = "the child has the worker's environment. With `inheritIO` what it prints becomes lines of this worker, and its input "
                + "is empty. At the end of this worker the pipes of its children close, and the children are left running")
public final class ChildProcesses implements Redirect {
    private static final Log LOG = Log.get();
    private static final ProcessBuilder.Redirect NOTHING = ProcessBuilder.Redirect.from(new File("/dev/null"));

    private final StandardDescriptors descriptors;
    private final Environment environment;
    /** The builders whose environment has the worker's variables; weak. Synchronized. */
    private final Set<ProcessBuilder> prepared = Collections.synchronizedSet(weakSet());
    /** The children that the worker has started; weak. Synchronized. */
    private final Set<Process> children = Collections.synchronizedSet(weakSet());

    /** The redirect of the worker that has these descriptors and this environment. */
    public ChildProcesses(StandardDescriptors descriptors, Environment environment) {
        this.descriptors = descriptors;
        this.environment = environment;
    }

    private static <T> Set<T> weakSet() {
        return Collections.newSetFromMap(new WeakHashMap<>()); // neither class overrides equals
    }

    @Replaces(type = ProcessBuilder.class, method = "environment")
    Map<String, String> environment(ProcessBuilder builder) {
        Map<String, String> variables = builder.environment();
        if (prepared.add(builder)) {
            variables.putAll(environment.own());
        }
        return variables;
    }

    @Replaces(type = ProcessBuilder.class, method = "start")
    Process start(ProcessBuilder builder) throws IOException {
        var _ = environment(builder);
        var before = new Streams(builder);
        try {
            redirect(builder);
            return started(builder.start());
        } finally {
            before.restore(builder);
        }
    }

    private Process started(Process child) {
        children.add(child);
        return child;
    }

    @Replaces(type = Runtime.class, method = "exec")
    Process exec(Runtime runtime, String command) throws IOException {
        return exec(runtime, command, null, null);
    }

    @Replaces(type = Runtime.class, method = "exec")
    Process exec(Runtime runtime, String command, String @Nullable [] variables) throws IOException {
        return exec(runtime, command, variables, null);
    }

    @Replaces(type = Runtime.class, method = "exec")
    @SuppressWarnings("deprecation") // so is the method that the program calls
    Process exec(Runtime runtime, String command, String @Nullable [] variables, @Nullable File directory)
            throws IOException {
        return started(runtime.exec(command, variables == null ? allVariables() : variables, directory));
    }

    @Replaces(type = Runtime.class, method = "exec")
    Process exec(Runtime runtime, String[] command) throws IOException {
        return exec(runtime, command, null, null);
    }

    @Replaces(type = Runtime.class, method = "exec")
    Process exec(Runtime runtime, String[] command, String @Nullable [] variables) throws IOException {
        return exec(runtime, command, variables, null);
    }

    @Replaces(type = Runtime.class, method = "exec")
    Process exec(Runtime runtime, String[] command, String @Nullable [] variables, @Nullable File directory)
            throws IOException {
        return started(runtime.exec(command, variables == null ? allVariables() : variables, directory));
    }

    private String[] allVariables() {
        return environment.getenv().entrySet().stream().map(variable -> variable.getKey() + "=" + variable.getValue())
                .toArray(String[]::new);
    }

    @Replaces(type = ProcessBuilder.class, method = "startPipeline")
    List<Process> startPipeline(List<ProcessBuilder> builders) throws IOException {
        List<ProcessBuilder> all = List.copyOf(builders);
        List<Streams> before = all.stream().map(Streams::new).toList();
        try {
            for (ProcessBuilder builder : all) {
                var _ = environment(builder);
                redirect(builder);
            }
            List<Process> started = ProcessBuilder.startPipeline(all);
            children.addAll(started);
            return started;
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

    /** Closes the pipes of all children. */
    @Override
    public void close() {
        List<Process> all;
        synchronized (children) {
            all = List.copyOf(children);
        }
        for (Process child : all) {
            close(child.getOutputStream());
            close(child.getInputStream());
            close(child.getErrorStream());
        }
    }

    private static void close(Closeable pipe) {
        try {
            pipe.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a pipe of a child process", e);
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
