package dev.corral.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.Backoff;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.RestartPolicy;
import dev.corral.RestartPolicy.When;
import dev.corral.supervision.RestartHistory.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartHistoryTest {
    private static final ExitReason CRASHED = new ExitReason.Crashed(new Failure("T", "m", ""));
    private static final Duration SHORT = Duration.ofMillis(1);

    private long nowNanos;

    private static RestartHistory without(double jitterDraw, RestartPolicy policy) {
        return new RestartHistory(policy, () -> jitterDraw);
    }

    private Decision crashAfter(RestartHistory history, Duration pause) {
        nowNanos += pause.toNanos();
        return history.onExit(CRASHED, 1, SHORT, nowNanos);
    }

    /** The truth table of {@link When}, which is that of OTP's permanent, transient and temporary. */
    @ParameterizedTest
    @CsvSource({"ALWAYS,completed,0,true", "ALWAYS,completed,3,true", "ALWAYS,crashed,1,true", "ALWAYS,killed,137,true",
            "ON_FAILURE,completed,0,false", "ON_FAILURE,completed,3,true", "ON_FAILURE,crashed,1,true",
            "ON_FAILURE,crashed,0,true", "ON_FAILURE,killed,137,true", "NEVER,completed,0,false",
            "ON_FAILURE,overMemory,0,true",
            "ON_FAILURE,overThreads,137,true", "NEVER,overThreads,137,false",
            "ALWAYS,overMemory,137,true", "NEVER,overMemory,137,false", "NEVER,completed,3,false",
            "NEVER,crashed,1,false", "NEVER,killed,137,false",
            "ALWAYS,onRequest,0,false", "ALWAYS,replaced,0,false", "ON_FAILURE,onRequest,137,false"})
    void shouldRestartByPolicyReasonAndCode(When when, String reason, int code, boolean restarts) {
        ExitReason exit = switch (reason) {
            case "completed" -> new ExitReason.Completed(code);
            case "crashed" -> CRASHED;
            case "killed" -> new ExitReason.Killed();
            case "overMemory" -> new ExitReason.OverMemory(Limit.LIVE, 2, 1);
            case "overThreads" -> new ExitReason.OverThreads("virtual", 2, 1);
            case "onRequest" -> new ExitReason.OnRequest();
            case "replaced" -> new ExitReason.Replaced("why");
            default -> throw new IllegalArgumentException(reason);
        };
        Decision decision = without(0.5, RestartPolicy.DEFAULT.withWhen(when)).onExit(exit, code, SHORT, 0);
        assertEquals(restarts, decision instanceof Decision.Restart, decision.toString());
    }

    @Test
    void shouldNotCountStartsThatFailForWantOfDescriptorsOrThreads() {
        RestartPolicy policy = RestartPolicy.DEFAULT.withIntensity(1, Duration.ofHours(1))
                .withBackoff(new Backoff(true, Duration.ofMillis(100), 2, Duration.ofMillis(300), 0, SHORT));
        var history = new RestartHistory(policy, Duration.ofMinutes(1), () -> 0.5);
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            delays.add(assertInstanceOf(Decision.Restart.class, history.onShortage(CRASHED, 1)).after());
        }
        assertEquals(List.of(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300)),
                delays);
        assertInstanceOf(Decision.Restart.class, crashAfter(history, SHORT));
        assertInstanceOf(Decision.GiveUp.class, crashAfter(history, SHORT));
    }

    @Test
    void shouldNotRestartForWantOfDescriptorsOrThreadsWhatThePolicyDoesNotRestart() {
        assertInstanceOf(Decision.Close.class, without(0.5, RestartPolicy.NEVER).onShortage(CRASHED, 1));
        assertInstanceOf(Decision.Close.class,
                without(0.5, RestartPolicy.DEFAULT.withStopCodes(1)).onShortage(CRASHED, 1));
    }

    @Test
    void shouldCloseAfterAStopCodeWhateverTheReason() {
        var history = without(0.5, RestartPolicy.DEFAULT.withStopCodes(7, 137));
        ExitReason overMemory = new ExitReason.OverMemory(Limit.LIVE, 2, 1);
        assertInstanceOf(Decision.Restart.class, history.onExit(overMemory, 7, SHORT, 0)); // the code is not its own
        ExitReason overThreads = new ExitReason.OverThreads("platform", 2, 1);
        assertInstanceOf(Decision.Restart.class, history.onExit(overThreads, 137, SHORT, 0));
        assertInstanceOf(Decision.Close.class, history.onExit(new ExitReason.Completed(7), 7, SHORT, 0));
        assertInstanceOf(Decision.Close.class, history.onExit(new ExitReason.Killed(), 137, SHORT, 0));
        assertInstanceOf(Decision.Restart.class, history.onExit(new ExitReason.Completed(8), 8, SHORT, 0));
    }

    @Test
    void shouldDelayTheDefaultCrashLoopExactlyAndGiveUpAfterTenRestarts() {
        var history = without(0.5, RestartPolicy.DEFAULT);
        List<Long> delaysMillis = new ArrayList<>();
        Duration pause = Duration.ZERO;
        Decision decision = crashAfter(history, pause);
        while (decision instanceof Decision.Restart(Duration after)) {
            delaysMillis.add(after.toMillis());
            decision = crashAfter(history, after.plus(SHORT));
        }
        assertEquals(List.of(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 15000L), delaysMillis);
        assertEquals(new Decision.GiveUp(10, Duration.ofMinutes(2)), decision);
        assertEquals(40, Duration.ofNanos(nowNanos).toSeconds());
    }

    @Test
    void shouldDelayEveryRestartAlikeWhenFixed() {
        var history = without(0.5, RestartPolicy.DEFAULT.withBackoff(Backoff.fixed(Duration.ofSeconds(5))));
        for (int i = 0; i < 5; i++) {
            assertEquals(new Decision.Restart(Duration.ofSeconds(5)), crashAfter(history, SHORT));
        }
    }

    @Test
    void shouldGrowAsPm2DoesWithItsFactor() {
        var pm2 = new Backoff(false, Duration.ofMillis(100), 1.5, Duration.ofSeconds(15), 0, Duration.ofSeconds(30));
        var history = without(0.9, RestartPolicy.DEFAULT.withBackoff(pm2).withIntensity(100, Duration.ofDays(1)));
        List<Long> delaysMillis = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            if (crashAfter(history, SHORT) instanceof Decision.Restart(Duration after)) {
                delaysMillis.add(after.toMillis());
            }
        }
        assertEquals(
                List.of(100L, 150L, 225L, 337L, 506L, 759L, 1139L, 1708L, 2562L, 3844L, 5766L, 8649L, 12974L, 15000L),
                delaysMillis);
    }

    @Test
    void shouldKeepJitterWithinItsShare() {
        var policy = RestartPolicy.DEFAULT
                .withBackoff(new Backoff(false, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0.2, Duration.ZERO));
        assertEquals(new Decision.Restart(Duration.ofMillis(800)), crashAfter(without(0, policy), SHORT));
        assertEquals(new Decision.Restart(Duration.ofMillis(1200)), crashAfter(without(1, policy), SHORT));
    }

    @Test
    void shouldStartDelaysAnewAfterAHealthyRun() {
        var history = without(0.5, RestartPolicy.DEFAULT);
        crashAfter(history, SHORT);
        crashAfter(history, SHORT);
        assertEquals(new Decision.Restart(Duration.ofMillis(200)), crashAfter(history, SHORT));
        nowNanos += Duration.ofSeconds(30).toNanos();
        assertEquals(new Decision.Restart(Duration.ZERO),
                history.onExit(CRASHED, 1, Duration.ofSeconds(30), nowNanos));
        assertEquals(new Decision.Restart(Duration.ofMillis(100)), crashAfter(history, SHORT));
    }

    @Test
    void shouldRefuseTheRestartThatExceedsTheIntensityAndForgetOldOnes() {
        var policy = new RestartPolicy(When.ALWAYS, java.util.Set.of(), Backoff.NONE, 3, Duration.ofSeconds(10));
        var history = without(0.5, policy);
        assertInstanceOf(Decision.Restart.class, crashAfter(history, Duration.ZERO));
        assertInstanceOf(Decision.Restart.class, crashAfter(history, Duration.ofSeconds(4)));
        assertInstanceOf(Decision.Restart.class, crashAfter(history, Duration.ofSeconds(4)));
        // 8 s after the first: all three are within 10 s. At 10 s the first one has left.
        assertInstanceOf(Decision.Restart.class, crashAfter(history, Duration.ofSeconds(2)));
        assertEquals(new Decision.GiveUp(3, Duration.ofSeconds(10)), crashAfter(history, Duration.ofMillis(3999)));
    }

    @Test
    void shouldGiveUpAtOnceWhenNoRestartIsAllowed() {
        var history = without(0.5, RestartPolicy.DEFAULT.withIntensity(0, Duration.ofSeconds(1)));
        assertEquals(new Decision.GiveUp(0, Duration.ofSeconds(1)), crashAfter(history, SHORT));
    }

    private Decision exitAfter(RestartHistory history, ExitReason reason, int seconds) {
        nowNanos += Duration.ofSeconds(seconds).toNanos();
        return history.onExit(reason, 1, Duration.ofSeconds(seconds), nowNanos);
    }

    private static RestartHistory withStartDeadline(int restarts) {
        return new RestartHistory(RestartPolicy.DEFAULT.withIntensity(restarts, Duration.ofSeconds(1)),
                Duration.ofSeconds(60), () -> 0.5);
    }

    /** Within two minutes there are three of them, and the policy allows ten. */
    @Test
    void shouldGiveUpAWorkerThatNeverOutlivesTheStartDeadlineWhateverThePeriodIs() {
        var history = new RestartHistory(RestartPolicy.DEFAULT, Duration.ofSeconds(60), () -> 0.5);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Decision.Restart.class, exitAfter(history, CRASHED, 40), "exit " + i);
        }
        assertEquals(new Decision.GiveUp(10, Duration.ofSeconds(11 * 40)), exitAfter(history, CRASHED, 40));
    }

    @Test
    void shouldCountFailedStartsAnewAfterAWorkerThatOutlivedTheStartDeadline() {
        var history = withStartDeadline(2);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Decision.Restart.class, exitAfter(history, CRASHED, 59));
            assertInstanceOf(Decision.Restart.class, exitAfter(history, CRASHED, 59));
            assertInstanceOf(Decision.Restart.class, exitAfter(history, CRASHED, 60));
        }
        assertInstanceOf(Decision.Restart.class, exitAfter(history, CRASHED, 59));
        assertInstanceOf(Decision.Restart.class, exitAfter(history, new ExitReason.Completed(1), 2));
        assertInstanceOf(Decision.GiveUp.class, exitAfter(history, CRASHED, 59));
    }

    /** It was killed by somebody, for its memory, or has done what it had to do. */
    @Test
    void shouldNotTakeAnEndForAFailedStartThatTheProgramIsNotToBlameFor() {
        var history = withStartDeadline(1);
        for (int i = 0; i < 10; i++) {
            assertInstanceOf(Decision.Restart.class, exitAfter(history, new ExitReason.Killed(), 30));
            assertInstanceOf(Decision.Restart.class, exitAfter(history, new ExitReason.Completed(0), 30));
            assertInstanceOf(Decision.Restart.class,
                    exitAfter(history, new ExitReason.OverMemory(Limit.LIVE, 2, 1), 30));
        }
    }

    @Test
    void shouldNotOverflowWithEndlessDurationsAndManyRestarts() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        var backoff = new Backoff(false, Duration.ofSeconds(1), 10, endless, 0, endless);
        var history = without(0.5, RestartPolicy.DEFAULT.withBackoff(backoff).withIntensity(1000, endless));
        Decision last = crashAfter(history, SHORT);
        for (int i = 0; i < 400; i++) {
            last = crashAfter(history, SHORT);
        }
        assertTrue(last instanceof Decision.Restart(Duration after) && after.toDays() > 365 * 200, last.toString());
    }
}
