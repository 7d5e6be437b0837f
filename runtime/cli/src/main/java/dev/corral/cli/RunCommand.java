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

/** {@code corral run}: a program in the foreground, until it is told to stop, or nothing of it is left to run. */
@Command(name = RunCommand.NAME, mixinStandardHelpOptions = true,
        description = "Runs copies of a program in the foreground. SIGTERM and SIGINT drain and stop it; a second one ends it "
                + "at once. SIGHUP and SIGUSR2 reload it from its files, worker by worker. A worker that fails is restarted; one that completes with code 0 is not.")
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    @Parameters(arity = "0..*", paramLabel = "PROGRAM [ARG]",
            description = "a jar; else a class of --class-path; else a sample: hello, crash, embed, leaky, ticker, zombie; none with "
                    + "--main. Then arguments of the program, best after --")
    private List<String> positional = List.of();

    @Option(names = {"-i", "--instances"}, paramLabel = "N", defaultValue = "max", converter = Instances.class,
            description = "workers: a number; max or 0: one for each processor; -1: one fewer than processors "
                    + "(default: ${DEFAULT-VALUE})")
    private int instances;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "name of the cluster (default: the program's)")
    private @Nullable String name;

    @Option(names = {"-cp", "--class-path"}, paramLabel = "PATH",
            description = "jars and directories, as of the java command: with : between them, and DIR/* for all jars in DIR")
    private @Nullable String classPath;

    @Option(names = "--main", paramLabel = "CLASS",
            description = "the class of --class-path to run; all that is no option is then an argument of it")
    private @Nullable String mainClass;

    @Option(names = "--env", paramLabel = "K=V", description = "a variable for all workers; may be repeated")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(names = "--share", paramLabel = "PKG",
            description = "a package that all workers have in common; may be repeated; * for all")
    private List<String> shared = List.of();

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "threads that run each worker's virtual threads (default: ${DEFAULT-VALUE})")
    private int carriers;

    @Option(names = "--balance", paramLabel = "HOW", defaultValue = "rr", completionCandidates = Balancers.class,
            converter = Balancers.class,
            description = "who gets a connection: rr, weighted, least, hash (default: ${DEFAULT-VALUE})")
    private Supplier<Balancer> balance = Balancer::roundRobin;

    @Option(names = "--exclusive", paramLabel = "PORT",
            description = "a port that workers do not share; 0 for random ones; may be repeated")
    private List<Integer> exclusive = List.of();

    @Option(names = "--restart-delay", paramLabel = "D", converter = Durations.class,
            description = "the same delay before every restart, as in 500ms, 5s, 2m (default: at once, then growing)")
    private @Nullable Duration restartDelay;

    @Option(names = "--max-restarts", paramLabel = "N",
            description = "restarts of a slot before it gives up, within N times "
                    + "--min-uptime, or in a row after lives shorter than --start-deadline (default: 10, within 2m)")
    private @Nullable Integer maxRestarts;

    @Option(names = "--min-uptime", paramLabel = "D", converter = Durations.class,
            description = "a worker that lives for less is unstable (default with --max-restarts: 12s)")
    private @Nullable Duration minUptime;

    @Option(names = "--heartbeat", paramLabel = "D", defaultValue = "1s", converter = Durations.class,
            description = "how often workers are looked at; one that burns CPU and does nothing else for --missed looks in a row is killed "
                    + "and restarted; 0: never (default: ${DEFAULT-VALUE})")
    private Duration heartbeat = Duration.ofSeconds(1);

    @Option(names = "--missed", paramLabel = "N", defaultValue = "3",
            description = "looks in a row (default: ${DEFAULT-VALUE})")
    private int missed;

    @Option(names = "--not-serving", paramLabel = "D", converter = Durations.class,
            description = "a worker whose server accepts no connection for so long while one waits is killed and restarted (default: never, for "
                    + "it may be busy with one long request)")
    private Duration notServing = Duration.ZERO;

    @Option(names = "--start-deadline", paramLabel = "D", defaultValue = "60s", converter = Durations.class,
            description = "a worker that is not ready by then is looked at as if it were; one that fails before it has lived for so long is a "
                    + "failed start, and --max-restarts of these in a row are allowed (default: ${DEFAULT-VALUE})")
    private Duration startDeadline = Duration.ofSeconds(60);

    @Option(names = "--wait-ready",
            description = "a worker is ready when it says so, by context.ready(), not when its server takes connections")
    private boolean waitReady;

    @Option(names = "--ready-within", paramLabel = "D", defaultValue = "30s", converter = Durations.class,
            description = "a reload is aborted by a replacement that is not ready by then (default: ${DEFAULT-VALUE})")
    private Duration readyWithin = ReloadPolicy.DEFAULT.readyWithin();

    @Option(names = "--bake", paramLabel = "D", defaultValue = "0s", converter = Durations.class,
            description = "how long the first replacement of a reload must do well beside the old workers before the next one is "
                    + "made (default: ${DEFAULT-VALUE})")
    private Duration bake = Duration.ZERO;

    @Option(names = "--reload-parallel", paramLabel = "N", defaultValue = "1",
            description = "replacements that a reload makes ready at the same time (default: ${DEFAULT-VALUE})")
    private int reloadParallel;

    @Option(names = "--max-live", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker that keeps more than that reachable, as in 700m, is replaced (default: no limit)")
    private @Nullable Long maxLive;

    @Option(names = "--max-allocated", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker that has allocated that, or up to 10%% less, since its start is replaced, as in 50g "
                    + "(default: no limit)")
    private @Nullable Long maxAllocated;

    @Option(names = "--max-metaspace", paramLabel = "SIZE", converter = Sizes.class,
            description = "a worker whose classes take more than that is replaced, as in 200m (default: no limit)")
    private @Nullable Long maxMetaspace;

    @Option(names = "--pressure", paramLabel = "SHARE", defaultValue = "85%", converter = Shares.class,
            description = "share of the heap, in use after a collection, from which the worker furthest over its fair share is "
                    + "replaced; 100%%: never (default: 85%%)")
    private double pressure = MemoryPolicy.DEFAULT.heapPressure();

    @Option(names = "--max-threads", paramLabel = "N",
            description = "a worker with more live platform threads is killed (default: 4000, or half of what the system allows)")
    private @Nullable Integer maxThreads;

    @Option(names = "--max-virtual-threads", paramLabel = "N",
            description = "a worker with as many live virtual threads is refused more, and killed if it keeps them for a second (default: "
                    + "one for each 8 KiB of the heap, but at least 10000)")
    private @Nullable Integer maxVirtualThreads;

    @Option(names = "--advise-limits",
            description = "runs without limits, observes what workers take, and prints at the end which limits to set; not with "
                    + "--max-live, --max-allocated, --max-metaspace")
    private boolean adviseLimits;

    @Option(names = "--no-live-bytes", description = "what workers keep reachable is not estimated")
    private boolean noLiveBytes;

    @Option(names = "--no-async-stop",
            description = "a killed worker's threads that are in a loop inside the JDK are abandoned, not stopped there")
    private boolean noAsyncStop;

    @Option(names = "--no-uncaught-end", description = "an uncaught exception is printed and does not end its worker")
    private boolean noUncaughtEnd;

    @Option(names = "--json",
            description = "one JSON object a line on standard output, for events and for what workers print")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        refuseAdviceWithLimits();
        Programs.Found found = Programs.find(mainClass, classPath, positional);
        Program code = found.program().withShared(shared.toArray(String[]::new));
        String title = name == null ? found.title() : name;
        try (Streams streams = Streams.open(json)) {
            Reporter reporter = json ? new JsonReporter(streams.out()) : new TextReporter(title, streams);
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

    private static void refuseWithAdvice(String option, @Nullable Long bytes) {
        if (bytes != null) {
            throw new CorralException(option + " is " + Sizes.text(bytes)
                    + ", but --advise-limits observes workers without limits; one of them must be left out");
        }
    }

    private ClusterConfig configure(ClusterConfig config) {
        return config.withWorkers(instances).withCarriers(carriers).withEnv(env).withUncaughtEnds(!noUncaughtEnd)
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

    /** A program that completes is done, as it is under {@code java}; everything else is a fault. */
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
