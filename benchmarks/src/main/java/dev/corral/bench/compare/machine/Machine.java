package dev.corral.bench.compare.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts about the machine that influence the figures. */
public final class Machine {
    private Machine() {}

    /** Returns the facts by name, in the order of the page. */
    public static Map<String, String> facts(Place place) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("processors", Runtime.getRuntime().availableProcessors()
                + line("/proc/cpuinfo", "model name").map(model -> ", " + model).orElse(""));
        line("/proc/meminfo", "MemTotal").map(text -> Long.parseLong(text.replaceAll("[^0-9]", "")) / 1024)
                .ifPresent(mib -> facts.put("memory", mib + " MiB"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        facts.put("JDK", System.getProperty("java.vendor.version", System.getProperty("java.vendor")) + ", "
                + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("Node", place.node().map(node -> firstLine(List.of(node.toString(), "--version")))
                .orElse("not installed"));
        facts.put("wrk", place.wrk().map(wrk -> firstLine(List.of(wrk.toString(), "-v"))).orElse("not installed"));
        return facts;
    }

    /**
     * Returns the average number of processes that ran or wanted to run in the last minute; negative where it is not
     * known.
     */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static Optional<String> line(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String firstLine(List<String> command) {
        try {
            Process process = Processes.start(new ProcessBuilder(command).redirectErrorStream(true));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Processes.end(List.of(process));
            return output.lines().findFirst().map(line -> line.replaceAll(" \\[.*| Copyright.*", "")).orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
