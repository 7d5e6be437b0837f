package dev.corral.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The master's program of {@link JavaProcesses}: the least that guards child JVMs. Its argument is the port. */
public final class ProcessMaster extends MasterLoop {
    private final String port;
    private final Map<Process, PrintStream> workers = new ConcurrentHashMap<>();
    private final Semaphore collected = new Semaphore(0);
    private final AtomicLong ids = new AtomicLong();

    private ProcessMaster(String port) {
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        new ProcessMaster(args[0]).run();
    }

    static List<String> workerCommand(String java, String classPath, String port) {
        return List.of(java, "-Djava.nio.channels.spi.SelectorProvider=" + ReusePort.class.getName(),
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "-cp", classPath, ProcessWorker.class.getName(),
                port);
    }

    @Override
    void fork() throws IOException {
        var builder = new ProcessBuilder(workerCommand(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), System.getProperty("java.class.path"), port)).redirectError(Redirect.INHERIT);
        builder.environment().put("CORRAL_ID", Long.toString(ids.incrementAndGet()));
        Process process = builder.start();
        workers.put(process, new PrintStream(process.getOutputStream(), true));
        Thread.ofPlatform().daemon().start(() -> listen(process));
        process.onExit().thenAccept(this::replace);
    }

    private void listen(Process process) {
        try (BufferedReader in = process.inputReader()) {
            String line;
            while ((line = in.readLine()) != null) {
                switch (line) {
                    case ProcessWorker.ONLINE -> isOnline();
                    case ProcessWorker.LISTENING -> isListening();
                    case ProcessWorker.COLLECTED -> collected.release();
                    default -> System.err.println(line);
                }
            }
        } catch (IOException e) {
            // It has ended; its exit is handled where it is waited for.
        }
    }

    private void replace(Process ended) {
        if (workers.remove(ended) == null) {
            return; // it was to end
        }
        try {
            fork();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void endAll() throws InterruptedException {
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
    void collectInWorkers() throws InterruptedException {
        var all = List.copyOf(workers.values());
        for (PrintStream worker : all) {
            worker.println(ProcessWorker.COLLECT);
        }
        collected.acquire(all.size());
    }
}
