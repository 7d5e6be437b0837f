package dev.corral.bench.compare.peers.program;

import dev.corral.bench.compare.commands.MasterLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The master of the contender "Java processes": the smallest program that guards child JVMs. Its argument is the port.
 */
public final class ProcessMaster extends MasterLoop {
    /** One carrier, as a worker of Corral has. With a second one a spinning first one might not be noticed. */
    private static final List<String> ONE_CARRIER =
            List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");

    private final String port;
    private final Map<Process, PrintStream> workers = new ConcurrentHashMap<>();
    private final Semaphore collected = new Semaphore(0);
    private final AtomicLong ids = new AtomicLong();
    private volatile Duration interval = Duration.ZERO;
    private volatile List<String> heap = List.of();

    private ProcessMaster(String port) {
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        new ProcessMaster(args[0]).run();
    }

    /** Returns the command that starts a worker. */
    public static List<String> workerCommand(String java, String classPath, String port) {
        return List.of(java, "-Djava.nio.channels.spi.SelectorProvider=" + ReusePort.class.getName(),
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "-cp", classPath, ProcessWorker.class.getName(),
                port);
    }

    @Override
    protected void fork() throws IOException {
        var command = new ArrayList<>(workerCommand(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"), port));
        if (interval.isPositive()) {
            command.addAll(1, ONE_CARRIER);
        }
        command.addAll(1, heap);
        var builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().put("CORRAL_ID", Long.toString(ids.incrementAndGet()));
        builder.environment().put(ProcessWorker.BEAT_MILLIS, Long.toString(interval.toMillis()));
        Process process = builder.start();
        workers.put(process, new PrintStream(process.getOutputStream(), true));
        var beats = new AtomicBoolean();
        Thread.ofPlatform().daemon().start(() -> listen(process, beats));
        var _ = process.onExit().thenAccept(this::replace);
    }

    private void listen(Process process, AtomicBoolean beats) {
        try (BufferedReader in = process.inputReader()) {
            String line;
            while ((line = in.readLine()) != null) {
                switch (line) {
                    case ProcessWorker.ONLINE -> isOnline();
                    case ProcessWorker.LISTENING -> {
                        isListening();
                        if (interval.isPositive()) {
                            Thread.ofPlatform().daemon().start(() -> guard(process, beats));
                        }
                    }
                    case ProcessWorker.BEAT -> beats.set(true);
                    case ProcessWorker.COLLECTED -> collected.release();
                    default -> System.err.println(line);
                }
            }
        } catch (IOException e) {
            // it has ended; the thread that waits for its exit handles that
        }
    }

    private void guard(Process process, AtomicBoolean beats) {
        try {
            for (int missed = 0; missed < MISSED; missed = beats.getAndSet(false) ? 0 : missed + 1) {
                if (process.waitFor(interval)) {
                    return;
                }
            }
            process.destroyForcibly();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts it", e);
        }
    }

    private void replace(Process ended) {
        if (workers.remove(ended) == null) {
            return; // its end was requested
        }
        try {
            fork();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void endAll() throws InterruptedException {
        while (!workers.isEmpty()) {
            var told = new ArrayList<Process>();
            for (Process process : List.copyOf(workers.keySet())) {
                PrintStream in = workers.remove(process);
                if (in != null) {
                    in.close();
                    told.add(process);
                }
            }
            for (Process process : told) {
                process.waitFor();
            }
        }
    }

    @Override
    protected void guard(Duration interval) {
        this.interval = interval;
    }

    @Override
    protected void limit(long bytes) {
        heap = List.of("-Xmx" + bytes, "-XX:+ExitOnOutOfMemoryError");
    }

    @Override
    protected void collectInWorkers() throws InterruptedException {
        var all = List.copyOf(workers.values());
        for (PrintStream worker : all) {
            worker.println(ProcessWorker.COLLECT);
        }
        collected.acquire(all.size());
    }
}
