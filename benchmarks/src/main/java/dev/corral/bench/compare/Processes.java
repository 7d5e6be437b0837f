package dev.corral.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The processes that this JVM has started. They are ended with it, their own children included. */
final class Processes {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    private static volatile boolean jvmEnds;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            jvmEnds = true;
            end(LIVE);
        }, "end of processes"));
    }

    private Processes() {}

    static Process start(ProcessBuilder builder) throws IOException {
        stayIfJvmEnds();
        Process process = builder.start();
        LIVE.add(process);
        return process;
    }

    /** Does not return when this JVM is about to end: what fails then fails because of that, and nothing new is to begin. */
    static void stayIfJvmEnds() {
        while (jvmEnds) {
            LockSupport.park();
        }
    }

    /** Closes their standard inputs, at which masters end; what is left after that is ended by force. */
    static void end(Collection<Process> processes) {
        List<Process> all = List.copyOf(processes);
        List<ProcessHandle> children = all.stream().flatMap(Process::descendants).toList();
        for (Process process : all) {
            try (OutputStream in = process.getOutputStream()) {
                in.flush();
            } catch (IOException e) {
                // It has ended.
            }
        }
        for (Process process : all) {
            if (!endsInTime(process)) {
                process.destroyForcibly();
            }
            LIVE.remove(process);
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean endsInTime(Process process) {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
