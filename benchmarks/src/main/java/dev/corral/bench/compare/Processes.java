package dev.corral.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

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

    /** Why memory cannot be read here. */
    static Optional<String> missingMemory() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup")) ? Optional.empty()
                : Optional.of("there is no /proc/PID/smaps_rollup");
    }

    /** Sum of their proportional set sizes. */
    static long pssKib(Stream<ProcessHandle> processes) throws IOException {
        long sum = 0;
        for (ProcessHandle process : processes.toList()) {
            sum += pssKib(process.pid());
        }
        return sum;
    }

    private static long pssKib(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
        } catch (NoSuchFileException e) {
            return 0; // it has ended meanwhile
        }
    }

    /** Sum of the CPU time that they have burnt. */
    static double cpuMillis(Stream<ProcessHandle> processes) {
        return processes.mapToDouble(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6)
                .sum();
    }

    /** Lets a JVM collect its garbage, and waits for it. */
    static void collect(ProcessHandle jvm, Place place) throws IOException, InterruptedException {
        String jcmd = place.java().resolveSibling("jcmd").toString();
        Process command = start(new ProcessBuilder(jcmd, Long.toString(jvm.pid()), "GC.run")
                .redirectErrorStream(true));
        String output = new String(command.getInputStream().readAllBytes()).strip();
        int code = command.waitFor();
        end(List.of(command));
        if (code != 0) {
            throw new IOException("jcmd ended with " + code + ": " + output);
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
