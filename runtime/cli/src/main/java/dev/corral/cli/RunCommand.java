package dev.corral.cli;

import dev.corral.Backoff;
import dev.corral.Balancer;
import dev.corral.ClusterConfig;
import dev.corral.CorralException;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.RestartPolicy;
import dev.corral.RestartPolicy.When;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code corral run}: it runs a program in the foreground until a signal stops it or nothing in it is left
 * to run.
 */
@Command(name = RunCommand.NAME, mixinStandardHelpOptions = true,
        description = "Runs copies of a program in the foreground. SIGTERM and SIGINT drain and stop it; a second signal ends it "
                + "at once. SIGHUP and SIGUSR2 reload it from its files, one worker after another. A worker that fails is restarted. "
                + "A worker that completes with code 0 is not restarted.")
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    @Parameters(arity = "0..*", paramLabel = "PROGRAM [ARG]",
            description = "a jar; otherwise a class of --class-path; otherwise a sample: hello, crash, embed, leaky, ticker, zombie. "
                    + "Omitted with --main. Arguments of the program follow, preferably after --")
    private List<String> positional = List.of();

    @Option(names = {"-i", "--instances"}, paramLabel = "N", defaultValue = "max", converter = Instances.class,
            description = "workers: a number; max or 0: one for each processor; -1: one fewer than processors "
                    + "(default: ${DEFAULT-VALUE})")
    private int instances;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "name of the cluster (default: the program's)")
    private @Nullable String name;

    @Option(names = {"-cp", "--class-path"}, paramLabel = "PATH",
            description = "jars and directories, as for the java command: separated by :, and DIR/* for all jars in DIR")
    private @Nullable String classPath;

    @Option(names = "--main", paramLabel = "CLASS",
            description = "the class of --class-path to run; all words that are not options are then its arguments")
    private @Nullable String mainClass;

    @Option(names = "--env", paramLabel = "K=V", description = "a variable for all workers; may be repeated")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(names = "--share", paramLabel = "PKG",
            description = "a package that all workers have in common; may be repeated; * for all packages")
    private List<String> shared = List.of();

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "threads that run each worker's virtual threads (default: ${DEFAULT-VALUE})")
    private int carriers;

    @Option(names = "--balance", paramLabel = "HOW", defaultValue = "rr", completionCandidates = Balancers.class,
            converter = Balancers.class,
            description = "how a worker is chosen for a connection: rr, weighted, least, hash (default: ${DEFAULT-VALUE})")
    private Supplier<Balancer> balance = Balancer::roundRobin;

    @Option(names = "--exclusive", paramLabel = "PORT",
            description = "a port that workers do not share; 0 for random ones; may be repeated")
    private List<Integer> exclusive = List.of();

    @Option(names = "--restart-delay", paramLabel = "D", converter = Durations.class,
            description = "the same delay before every restart, as in 500ms, 5s, 2m (default: none before the first restart, "
                    + "growing delays before later ones)")
    private @Nullable Duration restartDelay;

    @Option(names = "--max-restarts", paramLabel = "N",
            description = "restarts of a slot before it gives up: within N times --min-uptime, or in a row of workers that "
                    + "lived for less than --start-deadline (default: 10, within 2m)")
    private @Nullable Integer maxRestarts;

    @Option(names = "--min-uptime", paramLabel = "D", converter = Durations.class,
            description = "a worker that lives for less time is unstable (default with --max-restarts: 12s)")
    private @Nullable Duration minUptime;

    @Option(names = "--heartbeat", paramLabel = "D", defaultValue = "1s", converter = Durations.class,
            description = "interval of health checks; a worker that uses CPU and does nothing else in --missed checks in a row is "
                    + "killed and restarted; 0: never (default: ${DEFAULT-VALUE})")
    private Duration heartbeat = Duration.ofSeconds(1);

    @Option(names = "--missed", paramLabel = "N", defaultValue = "3",
            description = "missed checks in a row that make a worker a zombie (default: ${DEFAULT-VALUE})")
    private int missed;

    @Option(names = "--not-serving", paramLabel = "D", converter = Durations.class,
            description = "a worker is killed and restarted when a connection has waited for this long and its server accepts none "
                    + "(default: never, because the server may be busy with one long request)")
    private Duration notServing = Duration.ZERO;

    @Option(names = "--start-deadline", paramLabel = "D", defaultValue = "60s", converter = Durations.class,
            description = "a worker that is not ready by then is checked anyway; one that fails before it has lived for this long is "
                    + "a failed start, which --max-restarts limits as well (default: ${DEFAULT-VALUE})")
    private Duration startDeadline = Duration.ofSeconds(60);

    @Option(names = "--wait-ready",
            description = "a worker is ready when it calls context.ready(), not when its server takes connections")
    private boolean waitReady;

    @Option(names = "--ready-within", paramLabel = "D", defaultValue = "30s", converter = Durations.class,
            description = "a replacement that is not ready by then aborts the reload (default: ${DEFAULT-VALUE})")
    private Duration readyWithin = ReloadPolicy.DEFAULT.readyWithin();

    @Option(names = "--bake", paramLabel = "D", defaultValue = "0s", converter = Durations.class,
            description = "how long the first replacement of a reload must stay healthy before the next one is created "
                    + "(default: ${DEFAULT-VALUE})")
    private Duration bake = Duration.ZERO;

    @Option(names = "--reload-parallel", paramLabel = "N", defaultValue = "1",
            description = "replacements that a reload prepares at the same time (default: ${DEFAULT-VALUE})")
    private int reloadParallel;

    @Option(names = "--max-live", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker that keeps more than this reachable, as in 700m, is replaced (default: no limit)")
    private @Nullable Long maxLive;

    @Option(names = "--max-allocated", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker that has allocated this much since its start, as in 50g, is replaced; the limit of each worker "
                    + "is lowered at random by up to 10%% (default: no limit)")
    private @Nullable Long maxAllocated;

    @Option(names = "--max-metaspace", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker whose classes take more than this, as in 200m, is replaced (default: no limit)")
    private @Nullable Long maxMetaspace;

    @Option(names = "--pressure", paramLabel = "SHARE", defaultValue = "85%", converter = Shares.class,
            description = "share of the heap in use, after a collection, from which the worker furthest over its fair share is "
                    + "replaced; 100%%: never (default: 85%%)")
    private double pressure = MemoryPolicy.DEFAULT.heapPressure();

    @Option(names = "--max-threads", paramLabel = "N",
            description = "a worker with more live platform threads is killed (default: 4000, or half of what the system allows)")
    private @Nullable Integer maxThreads;

    @Option(names = "--max-virtual-threads", paramLabel = "N",
            description = "a worker with this many live virtual threads is refused more, and killed if it keeps them for a second "
                    + "(default: one for each 8 KiB of the heap, but at least 10000)")
    private @Nullable Integer maxVirtualThreads;

    @Option(names = "--advise-limits",
            description = "runs without limits, observes the memory of workers, and prints at the end which limits to set; not "
                    + "with --max-live, --max-allocated, --max-metaspace")
    private boolean adviseLimits;

    @Option(names = "--no-live-bytes", description = "the bytes that workers keep reachable are not estimated")
    private boolean noLiveBytes;

    @Option(names = "--no-async-stop",
            description = "threads of a killed worker that are in a loop inside the JDK are abandoned instead of stopped")
    private boolean noAsyncStop;

    @Option(names = "--no-uncaught-end", description = "an uncaught exception is printed and does not end its worker")
    private boolean noUncaughtEnd;

    @Option(names = "--time",
            description = "the time in UTC stands in front of each line of text; JSON has it in any case")
    private boolean time;

    @Option(names = "--json",
            description = "writes one JSON object per line to standard output, for events and for the output of workers")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        refuseAdviceWithLimits();
        refuseLimitWithoutLiveBytes();
        Programs.Found found = Programs.find(mainClass, classPath, positional);
        Program code = found.program().withShared(shared.toArray(String[]::new));
        String title = name == null ? found.title() : name;
        try (Streams streams = Streams.open(json, time)) {
            Reporter reporter = json ? new JsonReporter(streams.out()) : new TextReporter(title, instances, streams);
            return new Foreground(reporter, streams, adviseLimits, Signals.ofProcess()).run(code,
                    config -> configure(config.withName(title)));
        }
    }

    private void refuseAdviceWithLimits() {
        if (adviseLimits) {
            refuseWithAdvice("--max-live", maxLive);
            refuseWithAdvice("--max-allocated", maxAllocated);
            refuseWithAdvice("--max-metaspace", maxMetaspace);
        }
    }

    private void refuseLimitWithoutLiveBytes() {
        if (noLiveBytes && maxLive != null) {
            throw new CorralException("--max-live is " + Sizes.text(maxLive)
                    + ", but --no-live-bytes turns off what it needs; one of them must be left out");
        }
    }

    private static void refuseWithAdvice(String option, @Nullable Long bytes) {
        if (bytes != null) {
            throw new CorralException(option + " is " + Sizes.text(bytes)
                    + ", but --advise-limits observes workers without limits; one of them must be left out");
        }
    }

    private ClusterConfig configure(ClusterConfig config) {
        return config.withEventLog(false).withWorkers(instances).withCarriers(carriers).withEnv(env)
                .withUncaughtEnds(!noUncaughtEnd)
                .withRestart(restartPolicy()).withBalancer(balance).withHeartbeat(heartbeatPolicy())
                .withMemory(memoryPolicy()).withLiveBytes(!noLiveBytes)
                .withMaxThreads(maxThreads == null ? config.maxPlatformThreads() : maxThreads,
                        maxVirtualThreads == null ? config.maxVirtualThreads() : maxVirtualThreads)
                .withAsyncStop(!noAsyncStop).withReadySignal(waitReady)
                .withReload(new ReloadPolicy(reloadParallel, readyWithin, bake))
                .withExclusivePorts(exclusive.toArray(Integer[]::new));
    }

    private HeartbeatPolicy heartbeatPolicy() {
        return HeartbeatPolicy.every(heartbeat).withMissed(missed).withStartDeadline(startDeadline)
                .withNotServing(notServing);
    }

    private MemoryPolicy memoryPolicy() {
        MemoryPolicy policy = MemoryPolicy.DEFAULT.withHeapPressure(pressure);
        policy = maxLive == null ? policy : policy.withMaxLive(maxLive);
        policy = maxAllocated == null ? policy : policy.withMaxAllocated(maxAllocated);
        return maxMetaspace == null ? policy : policy.withMaxMetaspace(maxMetaspace);
    }

    /**
     * Returns the restart policy: a worker that completes is not restarted, as under {@code java}; any other end is a
     * fault.
     */
    private RestartPolicy restartPolicy() {
        RestartPolicy policy = RestartPolicy.DEFAULT.withWhen(When.ON_FAILURE);
        if (restartDelay != null) {
            policy = policy.withBackoff(Backoff.fixed(restartDelay));
        }
        if (maxRestarts == null && minUptime == null) {
            return policy;
        }
        int most = maxRestarts == null ? policy.maxRestarts() : maxRestarts;
        Duration unstable = minUptime == null ? policy.within().dividedBy(policy.maxRestarts()) : minUptime;
        Duration within = unstable.multipliedBy(Math.max(1, most));
        return policy.withIntensity(most, within);
    }

}
