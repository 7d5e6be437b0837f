package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.AllocationFaults;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** What {@link OutOfMemoryTest} does again and again, with workers that do what they are told. */
public enum OutOfMemoryScenario {
    CRASH {
        @Override
        void play(Play play) {
            play.forkReady(2);
            long first = play.crash(0);
            play.toRest(2);
            long second = play.crash(0);
            long third = play.crash(1);
            play.toRest(2);
            for (long id : List.of(first, second, third)) {
                play.assertHappened("disconnected " + id);
                play.assertHappened("exited " + id + " 1 crashed, T: boom");
            }
        }
    },
    ZOMBIE {
        @Override
        void play(Play play) {
            play.forkReady(2);
            play.fake(1).reports.missed(1, Duration.ofMillis(100));
            play.turn();
            FakeIncarnations.Fake silent = play.fake(1);
            silent.reports.silent(HeartbeatTest.autopsy(silent.worker));
            play.toRest(2);
            play.assertHappened("zombie " + silent.worker.id());
        }
    },
    NEVER_READY {
        @Override
        void play(Play play) {
            play.forkReady(1);
            Worker late = play.bench.master.fork();
            play.turn();
            if (late.state() == WorkerState.STARTING) {
                play.bench.of(late).reports.exiting(CRASHED, false);
            }
            play.toRest(2);
        }
    },
    DISCONNECT {
        @Override
        void play(Play play) {
            play.forkReady(3);
            CompletableFuture<?> gone = play.bench.master.workers().getFirst().disconnect();
            play.toRest(2);
            assertTrue(gone.isDone());
            assertEquals(2, play.bench.master.stats().slots());
        }
    },
    OVER_MEMORY {
        @Override
        void play(Play play) {
            play.forkReady(2);
            FakeIncarnations.Fake over = play.fake(0);
            while (play.fake(0) == over) { // it is told again and again
                over.reports.overMemory(new ExitReason.OverMemory(Limit.LIVE, 2, 1), false);
                play.toRest(2);
                play.bench.clock.advance(Recycling.LONGEST_DELAY);
            }
            FakeIncarnations.Fake worse = play.fake(0);
            worse.reports.overMemory(new ExitReason.OverMemory(Limit.FAIR_SHARE, 2, 1), true);
            play.toRest(2);
            assertTrue(play.fake(0) != worse);
            assertEquals(2, play.bench.master.stats().memoryRecycles());
        }
    },
    REPLACE {
        @Override
        void play(Play play) {
            play.forkReady(2);
            CompletableFuture<Worker> fresh = play.bench.master.workers().getFirst().replace();
            play.toRest(2);
            assertTrue(fresh.isDone());
            play.assertDone(fresh);
        }
    },
    RELOAD {
        @Override
        void play(Play play) {
            play.forkReady(3);
            CompletableFuture<ReloadResult> result = play.bench.master.reload();
            play.toRest(3);
            assertTrue(result.isDone());
            if (result.join() instanceof ReloadResult.Aborted(int _, String why, var _)) {
                assertTrue(why.contains("OutOfMemoryError: made up"), why);
                play.assertVersion(0);
            } else {
                play.assertVersion(1);
            }
        }
    },
    RELOAD_THAT_FAILS {
        @Override
        void play(Play play) {
            play.forkReady(3);
            CompletableFuture<ReloadResult> result = play.bench.master.reload();
            play.crashingFrom = play.bench.last().worker.id() + 2; // the second one of the new code, and all that follow until it is given up
            play.crashingOf = 1;
            play.toRest(3);
            assertTrue(result.isDone());
            assertInstanceOf(ReloadResult.Aborted.class, result.join());
            play.assertVersion(0);
        }
    },
    SCALE {
        @Override
        void play(Play play) {
            play.forkReady(1);
            CompletableFuture<Void> up = play.bench.master.scale(3);
            play.toRest(3);
            play.assertDone(up);
            CompletableFuture<Void> down = play.bench.master.scale(2);
            play.toRest(2);
            play.assertDone(down);
        }
    },
    CLOSE {
        @Override
        void play(Play play) {
            play.forkReady(2);
            CompletableFuture<ReloadResult> result = play.bench.master.reload();
            play.turn();
            var closed = new CountDownLatch(1);
            play.bench.master.submit(slots -> slots.closeAll(closed::countDown));
            play.toRest(0);
            assertEquals(0, closed.getCount());
            assertEquals(0, play.bench.master.stats().slots());
            assertTrue(result.isDone());
        }
    };

    private static final ExitReason CRASHED = new ExitReason.Crashed(new Failure("T", "boom", ""));

    abstract void play(Play play);

    /** Plays it; called by its name, for it is in another class loader. */
    public static void run(String name) {
        valueOf(name).play(new Play());
    }

    /** One performance. */
    private static final class Play {
        private static final int LONGEST_SECONDS = 300;

        final Bench bench = new Bench(config -> config);
        private final Set<Long> ended = new HashSet<>();
        private final List<String> happened = bench.events;
        /** Workers of this version crash instead of getting ready, from this one on. */
        long crashingFrom = Long.MAX_VALUE;
        int crashingOf = -1;

        /** Memory may fail in here, and nowhere else. */
        void turn() {
            boolean again = true;
            while (again) {
                AllocationFaults.arm();
                try {
                    bench.master.services().loop().turn();
                    again = false;
                } catch (OutOfMemoryError e) {
                    assertTrue(e.getMessage().startsWith("made up"), e.getMessage());
                } finally {
                    AllocationFaults.disarm();
                }
            }
            bench.master.services().events().deliverAll();
        }

        void forkReady(int workers) {
            for (int i = 0; i < workers; i++) {
                bench.master.fork();
            }
            toRest(workers);
        }

        /** Lets time go on, and workers do what they are told, until so many are ready and nobody else is there. */
        void toRest(int workers) {
            for (int second = 0; second < LONGEST_SECONDS; second++) {
                turn();
                if (isAtRest(workers)) {
                    return;
                }
                bench.master.workers().forEach(this::obey);
                turn();
                bench.clock.advance(Duration.ofSeconds(1));
            }
            throw new AssertionError("no rest: " + bench.master.workers() + ", " + bench.master.stats() + "\n"
                    + String.join("\n", happened));
        }

        private boolean isAtRest(int workers) {
            List<Worker> all = bench.master.workers();
            return all.size() == workers && bench.master.stats().ready() == workers
                    && all.stream().allMatch(worker -> worker.state() == WorkerState.READY
                            && bench.master.slot(worker.slot()).orElse(null) == worker
                            && verbs(worker).contains("admit true"));
        }

        private List<String> verbs(Worker worker) {
            FakeIncarnations.Fake fake = bench.of(worker);
            return fake == null ? List.of() : fake.verbs;
        }

        private void obey(Worker worker) {
            List<String> verbs = verbs(worker);
            if (verbs.contains("stop") || verbs.contains("kill")) {
                if (ended.add(worker.id())) {
                    bench.of(worker).ended();
                }
            } else if (verbs.contains("drain")) {
                bench.of(worker).reports.drained();
            } else if (verbs.contains("start") && !worker.state().isConnected()) {
                throw new AssertionError(worker + " was told nothing but " + verbs);
            } else if (verbs.contains("start") && worker.state().isLive() && worker.state() != WorkerState.READY) {
                if (worker.id() >= crashingFrom && worker.program().equals(new Bench.NoProgram(crashingOf))) {
                    bench.of(worker).reports.exiting(CRASHED, false);
                } else {
                    bench.of(worker).ready();
                }
            }
        }

        /** Returns its number. */
        long crash(int slot) {
            FakeIncarnations.Fake fake = fake(slot);
            fake.reports.exiting(CRASHED, false);
            return fake.worker.id();
        }

        /** Unless a worker could not be started for want of memory. */
        void assertDone(CompletableFuture<?> future) {
            assertTrue(future.isDone());
            if (future.isCompletedExceptionally()) {
                assertTrue(future.exceptionNow().getMessage().contains("OutOfMemoryError: made up"),
                        future.exceptionNow().getMessage());
            }
        }

        /** The worker that stands for the slot. */
        FakeIncarnations.Fake fake(int slot) {
            return bench.of(bench.master.slot(slot).orElseThrow());
        }

        void assertHappened(String event) {
            assertTrue(happened.contains(event), () -> event + " not in " + happened);
        }

        void assertVersion(int version) {
            assertEquals(new Bench.NoProgram(version), bench.master.program());
            bench.master.workers().forEach(worker -> assertEquals(new Bench.NoProgram(version), worker.program()));
        }
    }
}
