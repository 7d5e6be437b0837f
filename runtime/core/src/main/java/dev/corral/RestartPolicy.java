package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;

/**
 * Which exits restart a slot, after how long, and how often before it gives up. The words are OTP's: permanent, transient,
 * temporary, intensity. It decides about faults and completions; a worker that ends on request closes its slot, or has been
 * replaced already.
 *
 * <p>The default restarts always and gives up about 40 s into a crash loop (delays 0, 0.1, 0.2, 0.4 ... 12.8, 15 s).
 *
 * <p>A slot gives up for either of two reasons: there have been {@code maxRestarts} restarts within {@code within}, or more than
 * {@code maxRestarts} failed starts in a row. A <i>failed start</i> is a worker that crashed, became a zombie, or completed with another
 * code than 0 before it had lived for {@link HeartbeatPolicy#startDeadline} (60 s). A worker that lives longer ends the row. Workers that
 * {@link Worker#kill} or the guard of the heap ended do not count. So a program that dies after 40 s every time is given up after 11 lives,
 * although the period of two minutes never holds more than three restarts.
 *
 * <p>A worker that could not start because the host had no file descriptor or no thread for it never makes a slot give up. Corral
 * starts it again, with growing delays, until it gets them. This holds for what Corral itself cannot start, and for a worker that
 * crashed before it was ready if its exception, or a cause of it, says that too many files are open or that no native thread could be created.
 *
 * <table>
 * <caption>PM2's fields</caption>
 * <tr><th>PM2</th><th>here</th></tr>
 * <tr><td>{@code autorestart: false}</td><td>{@link #NEVER}</td></tr>
 * <tr><td>{@code stop_exit_codes}</td><td>{@link #withStopCodes}</td></tr>
 * <tr><td>{@code restart_delay}</td><td>{@code withBackoff(Backoff.fixed(delay))}: delays the first restart too</td></tr>
 * <tr><td>{@code exp_backoff_restart_delay: d}</td><td>{@code new Backoff(false, d, 1.5, 15 s, 0, 30 s)}</td></tr>
 * <tr><td>{@code max_restarts: n, min_uptime: t}</td><td>{@code withIntensity(n, t * n)}: like PM2's window of n times t, but a
 * sliding one; and {@code withStartDeadline(t)} of {@link HeartbeatPolicy}, if a worker that lives for t shall not count as a failed
 * start</td></tr>
 * </table>
 *
 * @param when which exits restart
 * @param stopCodes exit codes after which the slot closes, whatever {@code when} says
 * @param maxRestarts restarts within {@code within}, and failed starts in a row, before the slot gives up; 0 and up
 * @param within the period; more than 0
 */
public record RestartPolicy(When when, Set<Integer> stopCodes, Backoff backoff, int maxRestarts, Duration within) {
    /** Which exits restart. */
    public enum When {
        /** All. */
        ALWAYS,
        /** All but a completion with code 0. */
        ON_FAILURE,
        /** None: the slot closes. */
        NEVER
    }

    /** Always, with {@link Backoff#DEFAULT}, at most 10 restarts within 2 minutes. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(When.ALWAYS, Set.of(), Backoff.DEFAULT, 10,
            Duration.ofMinutes(2));

    /** Node: the master's program forks again itself. */
    public static final RestartPolicy NEVER = new RestartPolicy(When.NEVER, Set.of(), Backoff.NONE, 0,
            Duration.ofSeconds(1));

    /** Checks the ranges. */
    public RestartPolicy {
        requireNonNull(when, "when");
        requireNonNull(backoff, "backoff");
        stopCodes = Set.copyOf(stopCodes);
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts is " + maxRestarts + "; it must be 0 or more");
        }
        if (!requireNonNull(within, "within").isPositive()) {
            throw new IllegalArgumentException("the period of the intensity is " + within + "; it must be more than 0");
        }
    }

    /** Replaces which exits restart. */
    public RestartPolicy withWhen(When when) {
        return new RestartPolicy(when, stopCodes, backoff, maxRestarts, within);
    }

    /** Replaces the codes after which the slot closes; default none. */
    public RestartPolicy withStopCodes(Integer... codes) {
        return new RestartPolicy(when, Set.of(codes), backoff, maxRestarts, within);
    }

    /** Replaces the delays. */
    public RestartPolicy withBackoff(Backoff backoff) {
        return new RestartPolicy(when, stopCodes, backoff, maxRestarts, within);
    }

    /** Replaces the intensity: more than {@code restarts} in {@code within}, or failed starts in a row, and the slot gives up. */
    public RestartPolicy withIntensity(int restarts, Duration within) {
        return new RestartPolicy(when, stopCodes, backoff, restarts, within);
    }
}
