package dev.corral.bench.compare.load;

import dev.corral.bench.compare.machine.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk, against one port of this machine. */
public final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern BAD_ANSWERS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private final List<String> command;
    private final String url;

    public Wrk(Path wrk, int connections, List<String> headers, int port) {
        command = new ArrayList<>(List.of(wrk.toString(), "-t1", "-c" + connections, "--latency"));
        headers.forEach(header -> command.addAll(List.of("-H", header)));
        url = "http://127.0.0.1:" + port + "/";
    }

    /** The figures that wrk prints at its end. */
    public record Result(double rate, double p50Micros, double p99Micros, long errors) {}

    public Result run(int seconds) throws IOException, InterruptedException {
        var all = new ArrayList<>(command);
        all.addAll(List.of("-d" + seconds + "s", url));
        Process process = Processes.start(new ProcessBuilder(all).redirectErrorStream(true));
        try {
            return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            process.destroy();
            Processes.end(List.of(process));
        }
    }

    private static Result parse(String output) {
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) {
            throw new IllegalStateException("wrk printed no rate: " + output.strip());
        }
        return new Result(Double.parseDouble(rate.group(1)), percentile(output, 50), percentile(output, 99),
                sum(ERRORS, output) + sum(BAD_ANSWERS, output));
    }

    private static double percentile(String output, int percent) {
        Matcher line = Pattern.compile("\\s" + percent + "%\\s+([0-9.]+)(us|ms|s|m)\\b").matcher(output);
        if (!line.find()) {
            throw new IllegalStateException("wrk printed no latencies: " + output.strip());
        }
        double micros = switch (line.group(2)) {
            case "us" -> 1;
            case "ms" -> 1e3;
            case "s" -> 1e6;
            default -> 60e6;
        };
        return Double.parseDouble(line.group(1)) * micros;
    }

    private static long sum(Pattern numbers, String output) {
        Matcher matcher = numbers.matcher(output);
        long sum = 0;
        if (matcher.find()) {
            for (int i = 1; i <= matcher.groupCount(); i++) {
                sum += Long.parseLong(matcher.group(i));
            }
        }
        return sum;
    }
}
