package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.load.Wrk;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target;
import dev.corral.bench.compare.report.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers to a small request under load. The subclasses differ in how long connections live. */
abstract class HttpLoad implements Row {
    private static final int WORKERS = 4;
    private static final int CONNECTIONS = 64;

    private final Figure rate;
    private final Figure p50 = new Figure("p50", Unit.MICROS);
    private final Figure p99 = new Figure("p99", Unit.MICROS);
    private final Figure errors = Figure.total("errors");
    private final List<String> headers;

    HttpLoad(List<String> headers, Target... targets) {
        this.headers = headers;
        rate = new Figure("requests", Unit.PER_SECOND, targets);
    }

    @Override
    public final String method(Effort effort) {
        return "`wrk -t1 -c" + CONNECTIONS + headers.stream().map(header -> " -H '" + header + "'")
                .reduce("", String::concat) + " -d" + seconds(effort) + "s` on 127.0.0.1 in each round, with " + WORKERS
                + " workers and an answer of about 20 bytes. All contenders run during all rounds. Each has been warmed up"
                + " with the same load for " + warmUpSeconds(effort)
                + " s. wrk shares the processors with the server that"
                + " it measures. wrk measures the latency from the first byte of the request, so the time to connect is"
                + " not included. Errors are the sum of all rounds: failed connections, timeouts, and answers other than"
                + " 200.";
    }

    @Override
    public final List<Figure> figures() {
        return List.of(rate, p50, p99, errors);
    }

    @Override
    public final int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    private static int seconds(Effort effort) {
        return effort.of(1, 5);
    }

    private static int warmUpSeconds(Effort effort) {
        return effort.of(1, 8);
    }

    @Override
    public final Optional<String> missing(Place place) {
        return place.wrk().isPresent() ? Optional.empty() : Optional.of("wrk is not installed");
    }

    @Override
    public final Set<Ability> demands() {
        return Set.of(Ability.SHARES_PORT);
    }

    @Override
    public final Session open(Contender contender, Place place, Effort effort) throws Exception {
        Group group = contender.start(place);
        try {
            group.up(WORKERS);
            var wrk = new Wrk(place.wrk().orElseThrow(), CONNECTIONS, headers, group.port());
            wrk.run(warmUpSeconds(effort));
            return new Load(group, wrk, seconds(effort));
        } catch (Exception e) {
            group.close();
            throw e;
        }
    }

    private final class Load implements Session {
        private final Group group;
        private final Wrk wrk;
        private final int seconds;

        Load(Group group, Wrk wrk, int seconds) {
            this.group = group;
            this.wrk = wrk;
            this.seconds = seconds;
        }

        @Override
        public Map<Figure, Double> round() throws Exception {
            Wrk.Result result = wrk.run(seconds);
            return Map.of(rate, result.rate(), p50, result.p50Micros(), p99, result.p99Micros(), errors,
                    (double) result.errors());
        }

        @Override
        public void close() {
            group.close();
        }
    }
}
