package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that log asynchronously into files that roll over: each worker has its own. */
class LoggingProgramsIT {
    private static final int REQUESTS = 1_000;
    private static final Pattern REQUEST = Pattern.compile(".*worker=([0-9]+) request=([0-9]+) - GET /");

    @TempDir
    Path logs;

    @ParameterizedTest
    @ValueSource(strings = {"logback", "log4j2"})
    void shouldHaveInTheFilesOfEachWorkerWhatItHasLoggedAndNothingElse(String name) throws Exception {
        int port = Harness.freePort();
        try (var it = Programs.fourCopiesOf(name, port, config -> config.withEnv(Map.of("LOG_DIR", logs.toString())))) {
            Map<Integer, Integer> answered = Client.count(REQUESTS, () -> Client.ask(port));
            Programs.kill(it, 2);
            Client.count(REQUESTS, () -> Client.ask(port)).forEach((id, n) -> answered.merge(id, n, Integer::sum));
            Programs.endAllWithoutATrace(it);

            assertEquals(Map.of(1, numbersTo(answered.get(1))), requestsIn(0));
            assertEquals(Map.of(3, numbersTo(answered.get(3))), requestsIn(2));
            assertEquals(Map.of(4, numbersTo(answered.get(4))), requestsIn(3));
            Map<Integer, List<Integer>> ofSlot = requestsIn(1);
            assertEquals(numbersTo(answered.get(5)), ofSlot.get(5));
            if (ofSlot.get(2) instanceof List<Integer> written) { // as far as it came before it was killed
                assertTrue(written.size() <= answered.get(2) && written.equals(numbersTo(written.size())),
                        written.toString());
            }
            assertTrue(new TreeSet<>(List.of(2, 5)).containsAll(ofSlot.keySet()), ofSlot.toString());
        }
    }

    @Test
    void shouldShowTheBeansOfTheLoggingOfEachWorkerUntilItEnds() throws Exception {
        try (var it = Programs.fourCopiesOf("log4j2", Harness.freePort(),
                config -> config.withEnv(Map.of("LOG_DIR", logs.toString())))) {
            assertEquals(Map.of("\"it#1\"", 1L, "\"it#2\"", 1L, "\"it#3\"", 1L, "\"it#4\"", 1L), rootLoggerBeans());
            Programs.kill(it, 2);
            assertEquals(Set.of("\"it#1\"", "\"it#3\"", "\"it#4\"", "\"it#5\""), rootLoggerBeans().keySet());
            Programs.endAllWithoutATrace(it);
            assertEquals(Map.of(), rootLoggerBeans());
        }
    }

    /** How many there are of each worker. */
    private static Map<String, Long> rootLoggerBeans() throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.logging.log4j2:component=Loggers,name=,*"), null).stream()
                .collect(Collectors.groupingBy(name -> name.getKeyProperty("worker"), Collectors.counting()));
    }

    private static List<Integer> numbersTo(int last) {
        return Stream.iterate(1, n -> n + 1).limit(last).toList();
    }

    /** Requests in the files of this slot, sorted, by worker. */
    private Map<Integer, List<Integer>> requestsIn(int slot) throws IOException {
        Map<Integer, List<Integer>> requests = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(logs)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("worker-" + slot + ".")).toList();
        }
        assertTrue(files.size() > 1, "nothing has rolled over: " + files);
        for (Path file : files) {
            for (String line : linesOf(file)) {
                Matcher matcher = REQUEST.matcher(line);
                if (matcher.matches()) {
                    requests.computeIfAbsent(Integer.parseInt(matcher.group(1)), _ -> new ArrayList<>())
                            .add(Integer.parseInt(matcher.group(2)));
                } else {
                    assertTrue(line.endsWith("worker= request= - started"), file + ": " + line);
                }
            }
        }
        requests.values().forEach(numbers -> numbers.sort(null));
        return requests;
    }

    private static List<String> linesOf(Path file) {
        boolean packed = file.toString().endsWith(".gz");
        try (InputStream in = Files.newInputStream(file);
                var reader = new BufferedReader(
                        new InputStreamReader(packed ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
