package dev.corral.isolate;

import dev.corral.thread.ServiceThreads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Measures the memory outside of the heap that the classes of isolates use: the part of the pool {@code Metaspace} that
 * belongs to the isolate's loader, to all loaders below it, and to their hidden classes. The figures come from two
 * diagnostic commands of HotSpot, each of which stops the JVM for a moment. Therefore they run at most once in
 * {@link #KEPT}, and only on request. Thread-safe.
 */
public final class Metaspace {
    /** How long a result is returned to all callers. */
    static final Duration KEPT = Duration.ofSeconds(1);

    /**
     * How long a caller waits for a result; longer than the commands take. At the first request JMX starts, which takes
     * longer; then the caller gets the previous result.
     */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    /**
     * Runs the commands. JMX starts threads and keeps objects at its first use, and these must not belong to a worker,
     * so the caller's thread does not run them.
     */
    private static final Executor THREADS = ServiceThreads.pool("corral-metaspace-");
    private static final AtomicReference<@Nullable Request> LAST = new AtomicReference<>();
    /** The result of the last request that has ended. Written by the thread that executes the request. */
    private static volatile Map<String, Long> known = Map.of();

    /** A line of the hierarchy that begins a loader, and a line with the address of the JVM's data of that loader. */
    private static final Pattern LOADER = Pattern.compile("[| ]*\\+-- (.*)");
    private static final Pattern DATA = Pattern.compile("[| ]*Loader Data: (0x[0-9a-f]+)");
    private static final Pattern ISOLATE =
            Pattern.compile("\"(.+)\", " + Pattern.quote(IsolateLoader.class.getName()));
    /** A line of the statistics: loader, parent, data, classes, size of chunks, bytes used in them. */
    private static final Pattern OF_LOADER = Pattern.compile(
            "\\s*0x[0-9a-f]+\\s+0x[0-9a-f]+\\s+(0x[0-9a-f]+)\\s+\\d+\\s+\\d+\\s+(\\d+)\\s+\\S.*");
    /** A line of the statistics for the hidden classes of the loader in the line before. */
    private static final Pattern OF_HIDDEN = Pattern.compile("\\s*\\d+\\s+\\d+\\s+(\\d+)\\s+\\+ hidden classes\\s*");

    private Metaspace() {}

    private record Request(long startNanos, CompletableFuture<Map<String, Long>> byIsolate) {}

    /**
     * Returns the bytes that the classes of an isolate use, as a rule at most {@link #KEPT} old. Waits for at most 100
     * ms. Empty where the JVM does not report them or has not yet done so, and where loaders of several workers have
     * the same name. This happens if clusters in one JVM have the same name, and also after the end of such a cluster
     * until its dead workers are collected.
     */
    public static OptionalLong of(Isolate isolate) {
        try {
            return find(request().byIsolate.get(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS), isolate);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // return the previous result
        }
        return lastOf(isolate);
    }

    /** Returns the same as of the last request; empty if there was none. Takes no time. */
    public static OptionalLong lastOf(Isolate isolate) {
        return find(known, isolate);
    }

    private static OptionalLong find(Map<String, Long> byIsolate, Isolate isolate) {
        Long bytes = byIsolate.get(isolate.name());
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** Returns the last request if its result can be used, or begins a new one. */
    private static Request request() {
        while (true) {
            Request last = LAST.get();
            long now = System.nanoTime();
            if (last != null && (!last.byIsolate.isDone() || now - last.startNanos < KEPT.toNanos())) {
                return last;
            }
            var next = new Request(now, new CompletableFuture<>());
            if (LAST.compareAndSet(last, next)) {
                begin(next);
                return next;
            }
        }
    }

    private static void begin(Request request) {
        try {
            request.byIsolate.completeAsync(Metaspace::ask, THREADS);
        } catch (RuntimeException | Error e) { // no thread is available
            request.byIsolate.completeExceptionally(e);
        }
    }

    private static Map<String, Long> ask() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            var commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Map<String, Long> found = byIsolate(
                    ask(server, commands, "vmClassloaders", "verbose=true", "fold=false"),
                    ask(server, commands, "vmClassloaderStats"));
            known = found;
            return found;
        } catch (JMException | RuntimeException e) { // this JVM does not have these commands
            return Map.of();
        }
    }

    private static String ask(MBeanServer server, ObjectName commands, String command, String... arguments)
            throws JMException {
        return String.valueOf(server.invoke(commands, command, new Object[]{arguments},
                new String[]{String[].class.getName()}));
    }

    /**
     * Returns the bytes by the name of the isolate, without names that several isolates have.
     *
     * @param hierarchy the output of {@code VM.classloaders verbose fold=false}
     * @param statistics the output of {@code VM.classloader_stats}
     */
    static Map<String, Long> byIsolate(String hierarchy, String statistics) {
        Map<String, Long> byData = byData(statistics);
        Map<String, Long> byIsolate = new HashMap<>();
        Set<String> seen = new HashSet<>();
        Set<String> ambiguous = new HashSet<>();
        Deque<Loader> path = new ArrayDeque<>();
        for (String line : hierarchy.lines().toList()) {
            Matcher begins = LOADER.matcher(line);
            Matcher data = DATA.matcher(line);
            if (begins.matches()) {
                int column = begins.start(1);
                while (!path.isEmpty() && path.peek().column >= column) {
                    path.pop();
                }
                Matcher ofIsolate = ISOLATE.matcher(begins.group(1));
                if (ofIsolate.matches()) {
                    String name = ofIsolate.group(1);
                    if (!seen.add(name)) {
                        ambiguous.add(name);
                    }
                    path.push(new Loader(column, name));
                } else {
                    path.push(new Loader(column, path.isEmpty() ? null : path.peek().isolate));
                }
            } else if (data.matches() && !path.isEmpty() && path.peek().isolate != null) {
                Long bytes = byData.get(data.group(1));
                if (bytes != null) {
                    byIsolate.merge(path.peek().isolate, bytes, Long::sum);
                }
            }
        }
        byIsolate.keySet().removeAll(ambiguous);
        return byIsolate;
    }

    /** The column of a loader in the hierarchy, and the name of its isolate; null if it belongs to none. */
    private record Loader(int column, @Nullable String isolate) {}

    private static Map<String, Long> byData(String statistics) {
        Map<String, Long> byData = new HashMap<>();
        String last = null;
        for (String line : statistics.lines().toList()) {
            Matcher loader = OF_LOADER.matcher(line);
            Matcher hidden = OF_HIDDEN.matcher(line);
            if (loader.matches()) {
                last = loader.group(1);
                byData.merge(last, Long.valueOf(loader.group(2)), Long::sum);
            } else if (hidden.matches() && last != null) {
                byData.merge(last, Long.valueOf(hidden.group(1)), Long::sum);
            }
        }
        return byData;
    }
}
