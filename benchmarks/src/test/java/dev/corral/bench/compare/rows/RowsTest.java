package dev.corral.bench.compare.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Target.AtMostTimesPeer;
import dev.corral.bench.compare.report.Target.TimesPeer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final List<String> CLUSTERS = List.of("Corral", "Node cluster", "Java processes");
    private static final List<String> FORKS =
            List.of("Corral", "Node cluster", "Node worker_threads", "Java processes");
    private static final List<String> HTTP = List.of("Corral", "Node cluster", "Java processes", "bare");
    private static final List<String> MESSAGES =
            List.of("Corral", "Node cluster", "Node worker_threads", "Java processes", "Vert.x", "Pekko");

    @Test
    void shouldMeasureTheContendersThatHaveTheAbilities() {
        Map<String, List<String>> measured = new TreeMap<>();
        Rows.ALL.forEach(row -> measured.put(row.id(), Peers.ALL.stream().filter(row::suits).map(Contender::name)
                .toList()));
        assertEquals(new TreeMap<>(Map.ofEntries(Map.entry("bring-up", CLUSTERS), Map.entry("memory", CLUSTERS),
                Map.entry("beside-a-spinner", CLUSTERS), Map.entry("crash", FORKS), Map.entry("zombie", FORKS),
                Map.entry("http-keep-alive", HTTP), Map.entry("http-new-connections", HTTP),
                Map.entry("warm-up",
                        List.of("Corral", "Node cluster", "Node worker_threads", "Java processes", "bare")),
                Map.entry("leak", List.of("Corral", "Node cluster", "PM2", "Java processes")),
                Map.entry("reload", List.of("Corral", "Node cluster", "PM2")), Map.entry("round-trip", MESSAGES),
                Map.entry("one-way", MESSAGES), Map.entry("spring", List.of("Corral", "Java processes")))), measured);
    }

    /** A target without its peer would be shown as "not measured" for ever. */
    @Test
    void shouldCompareWithPeersThatTheRowMeasures() {
        for (Row row : Rows.ALL) {
            Set<String> measured =
                    Peers.ALL.stream().filter(row::suits).map(Contender::name).collect(Collectors.toSet());
            Set<String> named = Stream.concat(row.reference().stream(), row.figures().stream()
                    .flatMap(figure -> figure.targets().stream()).flatMap(target -> switch (target) {
                        case TimesPeer(_, String peer) -> Stream.of(peer);
                        case AtMostTimesPeer(_, String peer) -> Stream.of(peer);
                        default -> Stream.empty();
                    })).collect(Collectors.toCollection(TreeSet::new));
            named.removeAll(measured);
            assertEquals(Set.of(), named, row.id());
        }
    }
}
