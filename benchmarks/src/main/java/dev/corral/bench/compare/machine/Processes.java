package dev.corral.bench.compare.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

/** The processes that this JVM has started. They end with it, including their own children. */
public final class Processes {
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

    public static Process start(ProcessBuilder builder) throws IOException {
        stayIfJvmEnds();
        Process process = builder.start();
        LIVE.add(process);
        return process;
    }

    /**
     * Blocks for ever if this JVM is about to end. A failure at that time is caused by the end, and no new work must
     * begin.
     */
    public static void stayIfJvmEnds() {
        while (jvmEnds) {
            LockSupport.park();
        }
    }

    /** Returns why memory cannot be measured here; empty if it can. */
    public static Optional<String> missingMemory() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup")) ? Optional.empty()
                : Optional.of("there is no /proc/PID/smaps_rollup");
    }

    /** Returns the sum of the proportional set sizes, in KiB. */
    public static long pssKib(Stream<ProcessHandle> processes) throws IOException {
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
            return 0; // the process has ended
        }
    }

    /** Returns the sum of the CPU times, in milliseconds. */
    public static double cpuMillis(Stream<ProcessHandle> processes) {
        return processes.mapToDouble(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6)
                .sum();
    }

    /**
     * Makes a JVM collect its garbage, and waits until it has done so.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public static void collect(ProcessHandle jvm, Place place) throws IOException, InterruptedException {
        String jcmd = place.java().resolveSibling("jcmd").toString();
        Process command = start(new ProcessBuilder(jcmd, Long.toString(jvm.pid()), "GC.run")
                .redirectErrorStream(true));
        String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = command.waitFor();
        end(List.of(command));
        if (code != 0) {
            throw new IOException("jcmd ended with " + code + ": " + output);
        }
    }

    /** Closes the standard inputs of processes, at which masters end, and kills the processes that have not ended. */
    public static void end(Collection<Process> processes) {
        List<Process> all = List.copyOf(processes);
        List<ProcessHandle> children = all.stream().flatMap(Process::descendants).toList();
        for (Process process : all) {
            try (OutputStream in = process.getOutputStream()) {
                in.flush();
            } catch (IOException e) {
                // the process has ended
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
