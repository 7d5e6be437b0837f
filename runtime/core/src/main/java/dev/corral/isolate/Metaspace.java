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
 * What the classes of isolates take outside of the heap, of what the JVM has in use (as the pool {@code Metaspace} says): those of an
 * isolate's loader, of all loaders that have it as ancestor, and their hidden ones. Known from two diagnostic commands of HotSpot, both
 * of which stop the JVM for a moment; so they run at most once in {@link #KEPT}, and only when somebody asks. Any thread.
 */
public final class Metaspace {
    /** How long an answer serves all who ask. */
    static final Duration KEPT = Duration.ofSeconds(1);

    /** Longer than it takes, but for the first time, when JMX is started; then who asks gets what was known before. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    /** Not the thread that asks: what JMX starts and keeps at its first use must not be a worker's. */
    private static final Executor THREADS = ServiceThreads.pool("corral-metaspace-");
    private static final AtomicReference<@Nullable Look> LAST = new AtomicReference<>();
    /** What the last look that is over has found. Written by its thread. */
    private static volatile Map<String, Long> known = Map.of();

    /** A line of the hierarchy that begins a loader, and one with the address of what the JVM knows of it. */
    private static final Pattern LOADER = Pattern.compile("[| ]*\\+-- (.*)");
    private static final Pattern DATA = Pattern.compile("[| ]*Loader Data: (0x[0-9a-f]+)");
    private static final Pattern ISOLATE =
            Pattern.compile("\"(.+)\", " + Pattern.quote(IsolateLoader.class.getName()));
    /** A line of the statistics: loader, parent, data, classes, size of chunks, of what is used in them. */
    private static final Pattern OF_LOADER = Pattern.compile(
            "\\s*0x[0-9a-f]+\\s+0x[0-9a-f]+\\s+(0x[0-9a-f]+)\\s+\\d+\\s+\\d+\\s+(\\d+)\\s+\\S.*");
    /** Of the hidden classes of the loader in the line before. */
    private static final Pattern OF_HIDDEN = Pattern.compile("\\s*\\d+\\s+\\d+\\s+(\\d+)\\s+\\+ hidden classes\\s*");

    private Metaspace() {}

    private record Look(long startNanos, CompletableFuture<Map<String, Long>> byIsolate) {}

    /**
     * Bytes in use for the classes of this isolate, as a rule at most {@link #KEPT} old. Empty where the JVM does not tell, or has not yet
     * told, and where loaders of several workers have the same name: clusters of one name in one JVM, one after the other as well until
     * the dead workers are collected.
     */
    public static OptionalLong of(Isolate isolate) {
        try {
            return find(look().byIsolate.get(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS), isolate);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // what was known before is better than nothing
        }
        return lastOf(isolate);
    }

    /** The same, as of the last time that anybody asked; empty if nobody has. Costs nothing. */
    public static OptionalLong lastOf(Isolate isolate) {
        return find(known, isolate);
    }

    private static OptionalLong find(Map<String, Long> byIsolate, Isolate isolate) {
        Long bytes = byIsolate.get(isolate.name());
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    /** The last one, or one that begins now. */
    private static Look look() {
        while (true) {
            Look last = LAST.get();
            long now = System.nanoTime();
            if (last != null && (!last.byIsolate.isDone() || now - last.startNanos < KEPT.toNanos())) {
                return last;
            }
            var next = new Look(now, new CompletableFuture<>());
            if (LAST.compareAndSet(last, next)) {
                begin(next);
                return next;
            }
        }
    }

    private static void begin(Look look) {
        try {
            look.byIsolate.completeAsync(Metaspace::ask, THREADS);
        } catch (RuntimeException | Error e) { // no thread to be had
            look.byIsolate.completeExceptionally(e);
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
        } catch (JMException | RuntimeException e) { // a JVM that has no such commands
            return Map.of();
        }
    }

    private static String ask(MBeanServer server, ObjectName commands, String command, String... arguments)
            throws JMException {
        return String.valueOf(server.invoke(commands, command, new Object[]{arguments},
                new String[]{String[].class.getName()}));
    }

    /**
     * Bytes by the name of the isolate, of which no two have the same.
     *
     * @param hierarchy what {@code VM.classloaders verbose fold=false} prints
     * @param statistics what {@code VM.classloader_stats} prints
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

    /** Where in the hierarchy it is, and of which isolate; null: of none. */
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
