package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.Backoff;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything that can happen to a cluster during reloads, in any order: many schedules, each from a seed. The test
 * checks the invariants of the real master after every event, and the final state when nothing happens any more.
 */
class RolloutScheduleTest {
    private static final int SCHEDULES = Soak.number("corral.schedules", 500, 3_000);
    private static final int EVENTS = 60;
    private static final Duration LONG = Duration.ofMinutes(3);

    /** The log is limited to severe records, because thousands of reloads are aborted. */
    private static final Logger LOG = Logger.getLogger("dev.corral");

    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void beLoud() {
        LOG.setLevel(null);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, ALWAYS", "2, 0, ALWAYS", "3, 20, ALWAYS", "1, 5, NEVER", "1, 0, ON_FAILURE"})
    void shouldKeepItsPromisesUnderAnySchedule(int parallel, int bakeSeconds, RestartPolicy.When when) {
        var policy = new ReloadPolicy(parallel, Duration.ofSeconds(30), Duration.ofSeconds(bakeSeconds));
        for (long seed = 0; seed < SCHEDULES; seed++) {
            var schedule = new Schedule(seed, policy, RestartPolicy.DEFAULT.withWhen(when)
                    .withBackoff(new Backoff(true, Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0, LONG))
                    .withIntensity(3, Duration.ofMinutes(1)));
            try {
                schedule.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + "\n" + String.join("\n", schedule.told), e);
            }
        }
    }

    private static final class Schedule {
        private final Random random;
        private final ReloadPolicy policy;
        private final Bench bench;
        private final List<String> told = new ArrayList<>();
        private final List<CompletableFuture<?>> futures = new ArrayList<>();
        private final List<CompletableFuture<ReloadResult>> reloads = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        /** The workers that were ready before the last event. */
        private List<WorkerHandle> before = List.of();
        /** Workers that are killed because memory is short, after a moment to drain, and that are not replaced. */
        private final Set<WorkerHandle> hurried = new HashSet<>();
        private int versions;
        private boolean closed;

        Schedule(long seed, ReloadPolicy policy, RestartPolicy restart) {
            this.random = new Random(seed);
            this.policy = policy;
            this.bench = new Bench(config -> config.withReload(policy).withRestart(restart));
        }

        void run() {
            int slots = 1 + random.nextInt(4);
            for (int i = 0; i < slots; i++) {
                bench.master.fork();
            }
            event("fork " + slots);
            for (int i = 0; i < EVENTS && !closed; i++) {
                event(something());
            }
            settle();
        }

        private String something() {
            int what = random.nextInt(100);
            if (what < 6) {
                return reload();
            } else if (what < 9) {
                return fork();
            } else if (what < 12) {
                int wanted = random.nextInt(5);
                futures.add(bench.master.scale(wanted));
                return "scale " + wanted;
            } else if (what < 22) {
                Duration by = Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 40_000 : 4000));
                bench.clock.advance(by);
                return "later by " + by;
            } else if (what < 23 && random.nextInt(4) == 0) {
                futures.add(bench.master.disconnect());
                return "disconnect all";
            } else if (what < 24 && random.nextInt(4) == 0) {
                closed = true;
                bench.master.submit(all -> all.closeAll(() -> {}));
                return "close";
            }
            return toSomeWorker(what);
        }

        private String reload() {
            var next = new Bench.NoProgram(++versions);
            CompletableFuture<ReloadResult> future = bench.master.reload(next);
            reloads.add(future);
            future.thenAccept(result -> checkCode(result, next));
            futures.add(future);
            return "reload " + futures.size() + " to " + next;
        }

        /** The programs of the workers when the result is reported. */
        private void checkCode(ReloadResult result, Bench.NoProgram next) {
            for (Program program : closed ? Set.<Program>of() : ReloadFixture.programs(bench)) {
                int version = ((Bench.NoProgram) program).version();
                boolean isFine = switch (result) {
                    case ReloadResult.Completed _ -> version >= next.version(); // the next reload may have begun
                    case ReloadResult.Aborted _ -> version != next.version();
                };
                if (!isFine) {
                    wrong.add(result + ", but somebody runs " + program);
                }
            }
        }

        private String fork() {
            bench.master.fork();
            return "fork";
        }

        private String toSomeWorker(int what) {
            List<WorkerHandle> live = List.copyOf(bench.master.registry().live());
            if (live.isEmpty()) {
                return fork();
            }
            WorkerHandle worker = live.get(random.nextInt(live.size()));
            FakeIncarnations.Fake fake = bench.of(worker);
            if (worker.lifecycle().reason() != null) {
                fake.ended();
                return "ended " + worker;
            } else if (what < 70) {
                fake.ready();
                return "ready " + worker;
            } else if (what < 78) {
                fake.crash();
                return "crash " + worker;
            } else if (what < 84) {
                fake.exit(random.nextInt(2));
                return "exit " + worker;
            } else if (what < 87) {
                fake.reports.exiting(new ExitReason.Completed(1), false);
                return "exiting " + worker;
            } else if (what < 93) {
                futures.add(worker.kill());
                return "kill " + worker;
            } else if (what < 95) {
                futures.add(worker.disconnect());
                return "disconnect " + worker;
            } else if (what < 98) {
                boolean now = random.nextInt(4) == 0;
                if (now) {
                    hurried.add(worker);
                }
                fake.reports.overMemory(new ExitReason.OverMemory(Limit.LIVE, 2, 1), now);
                return "over memory" + (now ? ", now, " : " ") + worker;
            }
            futures.add(worker.replace());
            return "replace " + worker;
        }

        private void event(String what) {
            told.add(what);
            bench.turn();
            bench.takeEvents().forEach(event -> told.add("    " + event));
            checkNow();
        }

        private void checkNow() {
            assertEquals(List.of(), wrong);
            Set<Program> programs = new HashSet<>();
            int replacements = 0;
            List<WorkerHandle> ready = new ArrayList<>();
            for (WorkerHandle worker : bench.master.registry().live()) {
                Worker current = bench.master.slot(worker.slot()).orElse(null);
                if (worker.lifecycle().reason() == null) {
                    programs.add(worker.program());
                    replacements += current == worker ? 0 : 1;
                }
                if (worker.state() == WorkerState.READY) {
                    assertTrue(current == worker, () -> worker + " is ready and stands for no slot");
                    ready.add(worker);
                }
            }
            assertTrue(programs.size() <= 2, () -> "more than one rollout at a time: " + programs);
            assertTrue(replacements <= policy.parallel(), "replacements: " + replacements);
            for (WorkerHandle worker : before) {
                boolean isRecycled =
                        worker.lifecycle().reason() instanceof ExitReason.OverMemory && !worker.lifecycle().isForced()
                                && !hurried.contains(worker);
                if (isRecycled) {
                    WorkerHandle fresh = (WorkerHandle) bench.master.slot(worker.slot()).orElseThrow();
                    assertTrue(fresh != worker && fresh.onReady().state() == Future.State.SUCCESS,
                            () -> "nobody was ready to take the place of " + worker);
                }
                if (worker.lifecycle().reason() instanceof ExitReason.Replaced(String why)
                        && !why.startsWith("by nobody")) {
                    long fresh = Long.parseLong(why.replaceFirst("by worker (\\d+), .*", "$1"));
                    assertTrue(bench.incarnations.of(fresh).worker.onReady().state() == Future.State.SUCCESS,
                            () -> "nobody was ready to take the place of " + worker);
                }
            }
            before = ready;
        }

        /** Lets everything that is still open succeed. */
        private void settle() {
            for (int i = 0; i < 300 && !isAtRest(); i++) {
                for (WorkerHandle worker : List.copyOf(bench.master.registry().live())) {
                    if (worker.lifecycle().reason() != null) {
                        bench.of(worker).ended();
                        event("at last ended " + worker);
                    } else if (worker.state() != WorkerState.READY) {
                        bench.of(worker).ready();
                        event("at last ready " + worker);
                    }
                }
                bench.clock.advance(Duration.ofSeconds(1));
                event("at last later");
            }
            assertEquals(List.of(), futures.stream().filter(future -> !future.isDone()).toList(), "never completed");
            assertTrue(isAtRest(), () -> "it does not come to rest: " + bench.master.stats());
            Set<Program> programs = ReloadFixture.programs(bench);
            assertTrue(programs.isEmpty() || programs.equals(Set.of(bench.master.program())),
                    () -> programs + " run, not " + bench.master.program());
            int slots = bench.master.stats().slots() - bench.master.stats().gaveUp();
            assertEquals(slots, bench.master.workers().size(), "workers for the slots that are up");
            assertEquals(slots, bench.master.stats().ready(), "ready");
            assertEquals(lastCompleted(), ((Bench.NoProgram) bench.master.program()).version(), "committed");
            assertTrue(!closed || bench.master.stats().slots() == 0, "slots of a closed cluster");
        }

        private int lastCompleted() {
            int last = 0;
            for (int i = 0; i < reloads.size(); i++) {
                last = reloads.get(i).join() instanceof ReloadResult.Completed ? i + 1 : last;
            }
            return last;
        }

        private boolean isAtRest() {
            boolean slotsAreUp = bench.master.workers().size() == bench.master.stats().slots()
                    - bench.master.stats().gaveUp();
            return slotsAreUp && futures.stream().allMatch(CompletableFuture::isDone)
                    && bench.master.registry().live().stream().allMatch(worker -> worker.state() == WorkerState.READY);
        }
    }
}
