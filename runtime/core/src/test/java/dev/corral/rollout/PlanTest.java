package dev.corral.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ReloadPolicy;
import dev.corral.rollout.Facts.SlotFacts;
import dev.corral.rollout.Facts.Stage;
import dev.corral.rollout.Facts.WorkerFacts;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plan alone, over a cluster that is nothing but facts, under thousands of random schedules from a seed. */
class PlanTest {
    private static final int SCHEDULES = Soak.number("corral.schedules", 1_000, 4_000);
    private static final int EVENTS = 80;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldKeepItsPromisesUnderAnySchedule(int parallel) {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            var bake = Duration.ofSeconds(seed % 3 * 10);
            var cluster = new PaperCluster(seed, new ReloadPolicy(parallel, Duration.ofSeconds(30), bake));
            try {
                cluster.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + "\n" + String.join("\n", cluster.told), e);
            }
        }
    }

    /**
     * What the master does, in its simplest form: who ends in a slot is followed by one of the code of now, at once.
     */
    private static final class PaperCluster {
        private final Random random;
        private final ReloadPolicy policy;
        private final Plan plan;
        private final TreeMap<Integer, PaperSlot> slots = new TreeMap<>();
        private final List<PaperWorker> workers = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private final List<Outcome> outcomes = new ArrayList<>();
        private int requests;
        private long ids;
        private long orders;
        private long versions;
        private long version;
        private long nanos = Long.MAX_VALUE - 1_000_000_000; // so that overflow is met on the way

        private static final class PaperWorker {
            final long id;
            final long version;
            final long forkedNanos;
            Stage stage = Stage.STARTING;
            boolean isReplaced;

            PaperWorker(long id, long version, long forkedNanos) {
                this.id = id;
                this.version = version;
                this.forkedNanos = forkedNanos;
            }

            WorkerFacts facts() {
                return new WorkerFacts(id, version, stage, forkedNanos, stage == Stage.GOING ? "ended" : "");
            }
        }

        private static final class PaperSlot {
            final int number;
            final long order;
            boolean closing;
            boolean owed;
            PaperWorker current;
            PaperWorker replacement;

            PaperSlot(int number, long order) {
                this.number = number;
                this.order = order;
            }

            SlotFacts facts() {
                return new SlotFacts(number, order, closing, current == null ? null : current.facts(),
                        replacement == null ? null : replacement.facts(), false, false, owed);
            }
        }

        PaperCluster(long seed, ReloadPolicy policy) {
            this.random = new Random(seed);
            this.policy = policy;
            this.plan = new Plan(policy);
        }

        void run() {
            for (int i = random.nextInt(5); i >= 0; i--) {
                openSlot();
            }
            for (int i = 0; i < EVENTS; i++) {
                happen(random.nextInt(100));
                advance();
            }
            boolean wasClosed = random.nextInt(4) == 0;
            if (wasClosed) {
                outcomes.addAll(plan.close());
            }
            for (int i = 0; i < 500 && !isAtRest(); i++) {
                List.copyOf(workers).forEach(worker -> {
                    if (worker.stage == Stage.GOING) {
                        end(worker);
                    } else {
                        becomeReady(worker);
                    }
                    advance();
                });
                nanos += Duration.ofSeconds(1).toNanos();
                advance();
            }
            assertTrue(plan.isIdle(), "it does not come to rest");
            assertEquals(requests, outcomes.size());
            Set<Long> running = workers.stream().map(worker -> worker.version).collect(Collectors.toSet());
            assertTrue(wasClosed || running.isEmpty() || running.equals(Set.of(version)), () -> running + " run");
            assertTrue(wasClosed || slots.values().stream().allMatch(slot -> slot.replacement == null && !slot.owed));
        }

        private boolean isAtRest() {
            return plan.isIdle() && workers.stream().allMatch(worker -> worker.stage == Stage.READY);
        }

        private void happen(int what) {
            if (what < 5) {
                told.add("reload to " + ++versions);
                plan.reload(versions);
                requests++;
            } else if (what < 8) {
                int wanted = random.nextInt(5);
                told.add("scale to " + wanted);
                plan.scale(wanted);
                requests++;
            } else if (what < 11) {
                told.add("open");
                openSlot();
            } else if (what < 25) {
                nanos += Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 40_000 : 4000)).toNanos();
                told.add("later");
            } else if (!workers.isEmpty()) {
                happenTo(workers.get(random.nextInt(workers.size())), what);
            }
        }

        private void happenTo(PaperWorker worker, int what) {
            PaperSlot slot = slots.values().stream().filter(s -> s.current == worker).findFirst().orElse(null);
            if (worker.stage == Stage.GOING) {
                told.add("ended " + worker.id);
                end(worker);
            } else if (what < 75) {
                told.add("ready " + worker.id);
                becomeReady(worker);
            } else if (what < 88 || slot == null) {
                told.add("fails " + worker.id);
                worker.stage = Stage.GOING;
            } else if (what < 95) {
                told.add("replace " + worker.id);
                plan.replace(slot.number, worker.id);
                requests++;
            } else {
                told.add("close " + slot.number);
                close(slot);
            }
        }

        private PaperWorker fork(long version) {
            var worker = new PaperWorker(++ids, version, nanos);
            workers.add(worker);
            return worker;
        }

        private void openSlot() {
            int number = 0;
            while (slots.containsKey(number)) {
                number++;
            }
            var slot = new PaperSlot(number, orders++);
            slot.current = fork(version);
            slots.put(number, slot);
        }

        private void close(PaperSlot slot) {
            slot.closing = true;
            Stream.of(slot.current, slot.replacement).filter(worker -> worker != null)
                    .forEach(worker -> worker.stage = Stage.GOING);
            removeIfDone(slot);
        }

        private void removeIfDone(PaperSlot slot) {
            if (slot.closing && slot.current == null && slot.replacement == null) {
                slots.remove(slot.number, slot);
            }
        }

        private void becomeReady(PaperWorker worker) {
            if (worker.stage != Stage.STARTING) {
                return;
            }
            worker.stage = Stage.READY;
            for (PaperSlot slot : slots.values()) {
                if (slot.replacement == worker) {
                    slot.replacement = null;
                    slot.owed = worker.version != version;
                    if (slot.current != null) {
                        slot.current.stage = Stage.GOING;
                        slot.current.isReplaced = true;
                    }
                    slot.current = worker;
                }
            }
        }

        private void end(PaperWorker worker) {
            advance();
            workers.remove(worker);
            for (PaperSlot slot : List.copyOf(slots.values())) {
                if (slot.replacement == worker) {
                    slot.replacement = null;
                } else if (slot.current == worker) {
                    slot.current = null;
                    if (slot.replacement != null && slot.replacement.version == version) {
                        slot.current = slot.replacement;
                        slot.replacement = null;
                        slot.owed = false;
                    } else if (!slot.closing && !slot.owed) {
                        slot.current = fork(version);
                    }
                }
                removeIfDone(slot);
            }
        }

        private Facts facts() {
            return new Facts(nanos, version, slots.values().stream().map(PaperSlot::facts).toList(),
                    workers.stream().map(worker -> worker.version).collect(Collectors.toSet()),
                    (int) workers.stream().filter(worker -> worker.isReplaced).count());
        }

        private void advance() {
            int steps = 0;
            for (Step step = plan.next(facts()); step != null; step = plan.next(facts())) {
                told.add("    " + step);
                long readyBefore = ready();
                carryOut(step);
                boolean takesAway = step instanceof Step.Close;
                assertTrue(takesAway || ready() == readyBefore, "a step took away a worker that was ready");
                assertTrue(++steps < 1000, "steps without end");
            }
            long starting = slots.values().stream().filter(slot -> slot.replacement != null && !slot.closing).count();
            assertTrue(starting <= policy.parallel(), () -> starting + " replacements");
            assertTrue(versionsOnTheirWay() <= 2, "more than one rollout at a time");
            plan.nextLook().ifPresent(at -> assertTrue(at - nanos > 0, "looks into the past"));
        }

        private long ready() {
            return workers.stream().filter(worker -> worker.stage == Stage.READY).count();
        }

        private long versionsOnTheirWay() {
            return workers.stream().filter(worker -> worker.stage != Stage.GOING).map(worker -> worker.version)
                    .distinct().count();
        }

        private void carryOut(Step step) {
            switch (step) {
                case Step.Replace(int number, long wanted) -> replace(slots.get(number), wanted);
                case Step.Drop(int number) -> slots.get(number).replacement.stage = Stage.GOING;
                case Step.Abort(long aborted, int _, long _) -> slots.values().forEach(slot -> {
                    if (slot.replacement != null && slot.replacement.version == aborted) {
                        slot.replacement.stage = Stage.GOING;
                        slot.replacement = null;
                    }
                });
                case Step.Commit(long committed) -> {
                    version = committed;
                    slots.values().forEach(slot -> slot.owed = false);
                }
                case Step.Open() -> openSlot();
                case Step.Close(int number) -> close(slots.get(number));
                case Step.Finish(Outcome outcome) -> outcomes.add(outcome);
            }
            List.copyOf(slots.values()).forEach(this::removeIfDone);
        }

        private void replace(PaperSlot slot, long wanted) {
            assertNotNull(slot, "no such slot");
            assertFalse(slot.closing || slot.replacement != null, "a second replacement");
            if (slot.current == null && wanted == version) {
                slot.current = fork(wanted);
                slot.owed = false;
            } else {
                slot.replacement = fork(wanted);
            }
        }
    }
}
