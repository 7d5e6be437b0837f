package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Balancer;
import dev.corral.Capability;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ClusterStats;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.TestConfig;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of the reference say neither more nor less than the code. */
class ReferenceTest {
    private static final Page REFERENCE = Page.of("runtime/docs/reference.md");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final int LEAST_LOG_LINES = 40;

    /** Defaults that the table says in words, because they depend on the program, the machine or the JVM. */
    private static final Set<String> IN_WORDS = Set.of("withName", "withWorkers", "withOutput");

    /** A program. */
    static final class Empty {
        private Empty() {}

        public static void main(String[] args) {}
    }

    @Test
    void shouldListEverySettingWithItsDefault() throws ReflectiveOperationException {
        ClusterConfig config = TestConfig.of(Program.main(Empty.class));
        Map<String, List<String>> rows = REFERENCE.table("## The configuration");
        Set<String> methods = new TreeSet<>();
        for (Method method : ClusterConfig.class.getMethods()) {
            if (method.getName().startsWith("with")) {
                methods.add("`" + signature(method) + "`");
            }
        }
        assertEquals(methods, new TreeSet<>(rows.keySet()));
        for (Map.Entry<String, List<String>> row : rows.entrySet()) {
            String name = row.getKey().substring(1, row.getKey().indexOf('('));
            if (!IN_WORDS.contains(name)) {
                assertTrue(row.getValue().getFirst().startsWith(defaultOf(config, name)),
                        name + " is " + defaultOf(config, name) + ", not " + row.getValue().getFirst());
            }
        }
    }

    private static String signature(Method method) {
        return method.getName() + Stream.of(method.getGenericParameterTypes())
                .map(type -> type.getTypeName().replaceAll("[\\w.]*\\.(\\w+)", "$1").replace("[]", "..."))
                .map(type -> type.replaceAll("(Map|Consumer)<.*>", "$1")).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String defaultOf(ClusterConfig config, String with) throws ReflectiveOperationException {
        String getter = switch (with) {
            case "withMaxThreads" -> "maxPlatformThreads";
            case "withListener" -> "listeners";
            default -> Character.toLowerCase(with.charAt(4)) + with.substring(5);
        };
        Object value = ClusterConfig.class.getMethod(getter).invoke(config);
        if (with.equals("withBalancer")) {
            assertEquals(Balancer.roundRobin().getClass(), config.balancer().get().getClass());
            return "`Balancer::roundRobin`";
        }
        return rendered(value);
    }

    private static String rendered(Object value) throws ReflectiveOperationException {
        return switch (value) {
            case Duration time when time.isZero() -> "0";
            case Duration time when time.toMillis() % 1000 != 0 -> time.toMillis() + " ms";
            case Duration time -> time.toSeconds() + " s";
            case OptionalLong limit -> limit.isEmpty() ? "none" : limit.toString();
            case Collection<?> values -> values.isEmpty() ? "none" : values.toString();
            case Map<?, ?> values -> values.isEmpty() ? "none" : values.toString();
            case Double number when number == Math.rint(number) -> Long.toString(number.longValue());
            case Record policy -> {
                assertEquals(policy.getClass().getField("DEFAULT").get(null), policy);
                yield "`" + policy.getClass().getSimpleName() + ".DEFAULT`";
            }
            case Enum<?> constant -> "`" + constant + "`";
            case Boolean is -> "`" + is + "`";
            default -> value.toString();
        };
    }

    @Test
    void shouldListEveryPolicyWithItsDefaults() throws ReflectiveOperationException {
        for (Record policy : List.of(RestartPolicy.DEFAULT, Backoff.DEFAULT, HeartbeatPolicy.DEFAULT,
                MemoryPolicy.DEFAULT, StopPolicy.DEFAULT, ReloadPolicy.DEFAULT)) {
            String name = policy.getClass().getSimpleName();
            Map<String, String> expected = new TreeMap<>();
            for (RecordComponent component : policy.getClass().getRecordComponents()) {
                expected.put("`" + component.getName() + "`", rendered(component.getAccessor().invoke(policy)));
            }
            Map<String, String> found = new TreeMap<>();
            REFERENCE.table("#### " + name).forEach((component, cells) -> found.put(component, cells.getFirst()));
            assertEquals(expected, found, name);
        }
    }

    @Test
    void shouldListEveryCapability() {
        assertEquals(names(Capability.values()), REFERENCE.table("## Capabilities").keySet());
    }

    @Test
    void shouldListEveryState() {
        assertEquals(quoted(names(WorkerState.values())), REFERENCE.table("## States, exits and events").keySet());
    }

    @Test
    void shouldListEveryReasonOfAnExit() {
        assertEquals(quoted(records(ExitReason.class)),
                REFERENCE.table("### Exit codes and reasons of workers").keySet());
    }

    @Test
    void shouldListEveryEvent() {
        assertEquals(quoted(records(ClusterEvent.class)), REFERENCE.table("### Events").keySet());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldListEveryFigure(int table) {
        Class<?> stats = List.of(WorkerStats.class, ClusterStats.class).get(table);
        Set<String> expected = Stream.of(stats.getRecordComponents()).flatMap(ReferenceTest::figures)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = REFERENCE.table("## Figures", table).keySet().stream()
                .flatMap(cell -> CODE.matcher(cell).results().map(code -> code.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, found);
    }

    /** The name of the component; or, for a group of figures, the names of these after its own. */
    private static Stream<String> figures(RecordComponent component) {
        boolean isGroup =
                component.getType().isRecord() && component.getType().getEnclosingClass() == WorkerStats.class;
        return isGroup ? Stream.of(component.getType().getRecordComponents())
                .map(each -> component.getName() + "." + each.getName()) : Stream.of(component.getName());
    }

    @Test
    void shouldListEveryLogLine() throws IOException {
        List<LogCalls.Line> logged = LogCalls.ofCore();
        Map<String, List<String>> rows = new TreeMap<>(REFERENCE.table("## Log lines"));
        rows.putAll(REFERENCE.table("### Failures inside Corral"));
        assertTrue(logged.size() >= LEAST_LOG_LINES, "found " + logged.size());
        assertEquals(List.of(), logged.stream().filter(line -> rows.entrySet().stream().noneMatch(
                row -> isOf(row.getKey(), line) && row.getValue().getFirst().equals(line.level()))).toList(),
                "not documented");
        assertEquals(List.of(), rows.keySet().stream()
                .filter(row -> logged.stream().noneMatch(line -> isOf(row, line))).toList(), "not logged");
    }

    /** Whether the row, with its quotes, describes that line. */
    private static boolean isOf(String row, LogCalls.Line line) {
        return LogCalls.parts(row.substring(1, row.length() - 1)).stream()
                .allMatch(part -> line.parts().stream().anyMatch(literal -> literal.contains(part)));
    }

    private static Set<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).collect(Collectors.toSet());
    }

    private static Set<String> records(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses()).map(Class::getSimpleName).collect(Collectors.toSet());
    }

    private static Set<String> quoted(Collection<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.toSet());
    }
}
