package dev.corral;

import static java.util.Objects.requireNonNull;

import dev.corral.text.Checks;
import java.time.Duration;
import java.util.Set;

/**
 * When a slot restarts its worker, after which delay, and how often before it gives up. The policy decides about faults
 * and completions. A worker that ends on request closes its slot, or has been replaced already. In OTP's terms,
 * {@code when} is permanent, transient or temporary, and {@code maxRestarts} within {@code within} is the intensity.
 *
 * <p>The default restarts always, and gives up about 40 s into a crash loop (delays 0, 0.1, 0.2, 0.4 ... 12.8, 15 s).
 *
 * <p>A slot gives up for either of two reasons: there have been {@code maxRestarts} restarts within {@code within}, or
 * there have been more than {@code maxRestarts} failed starts in a row. A <i>failed start</i> is a worker that crashed,
 * became a zombie, or completed with a code other than 0 before it had lived for {@link HeartbeatPolicy#startDeadline}
 * (60 s). A worker that lives longer ends the row. Workers that {@link Worker#kill} or the memory guard ended do not
 * count. For example, the slot of a program that always dies after 40 s gives up after 11 workers, although there are
 * never more than three restarts within two minutes.
 *
 * <p>A worker that cannot start because the host has no file descriptor or no thread for it never makes a slot give up.
 * Corral starts it again, with growing delays, until it gets them. This applies if Corral itself cannot start the
 * worker. It also applies to a worker that crashed before it was ready if its exception, or a cause of the exception,
 * says that too many files are open or that no native thread could be created.
 *
 * <table>
 * <caption>Settings of PM2</caption>
 * <tr>
 * <th>PM2</th>
 * <th>here</th>
 * </tr>
 * <tr>
 * <td>{@code autorestart: false}</td>
 * <td>{@link #NEVER}</td>
 * </tr>
 * <tr>
 * <td>{@code stop_exit_codes}</td>
 * <td>{@link #withStopCodes}</td>
 * </tr>
 * <tr>
 * <td>{@code restart_delay}</td>
 * <td>{@code withBackoff(Backoff.fixed(delay))}, which also delays the first restart</td>
 * </tr>
 * <tr>
 * <td>{@code exp_backoff_restart_delay: d}</td>
 * <td>{@code new Backoff(false, d, 1.5, 15 s, 0, 30 s)}</td>
 * </tr>
 * <tr>
 * <td>{@code max_restarts: n, min_uptime: t}</td>
 * <td>{@code withIntensity(n, t * n)}: a window of n times t as in PM2, but it slides; and {@code withStartDeadline(t)}
 * of {@link HeartbeatPolicy}, if a worker that lives for t must not count as a failed start</td>
 * </tr>
 * </table>
 *
 * @param when which exits restart the slot
 * @param stopCodes exit codes after which the slot closes, whatever {@code when} says
 * @param backoff the delays before restarts
 * @param maxRestarts restarts within {@code within}, and failed starts in a row, before the slot gives up; 0 and up
 * @param within the period; 1 ms and up
 */
public record RestartPolicy(When when, Set<Integer> stopCodes, Backoff backoff, int maxRestarts, Duration within) {
    /** Which exits restart a slot. */
    public enum When {
        /** All exits. */
        ALWAYS,
        /** All exits except a completion with code 0. */
        ON_FAILURE,
        /** No exit: the slot closes. */
        NEVER
    }

    /** Restarts always, with {@link Backoff#DEFAULT}, at most 10 times within 2 minutes. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(When.ALWAYS, Set.of(), Backoff.DEFAULT, 10,
            Duration.ofMinutes(2));

    /** Restarts never, as in Node: the program of the master calls {@link Cluster#fork} itself. */
    public static final RestartPolicy NEVER = new RestartPolicy(When.NEVER, Set.of(), Backoff.NONE, 0,
            Duration.ofSeconds(1));

    /** Creates the record and checks the ranges. */
    public RestartPolicy {
        requireNonNull(when, "when");
        requireNonNull(backoff, "backoff");
        stopCodes = Set.copyOf(requireNonNull(stopCodes, "stopCodes"));
        Checks.check("maxRestarts", maxRestarts, 0, Integer.MAX_VALUE);
        Checks.check("the period of the intensity", within, Checks.SHORTEST);
    }

    /** Returns a copy that sets which exits restart the slot. */
    public RestartPolicy withWhen(When when) {
        return new RestartPolicy(when, stopCodes, backoff, maxRestarts, within);
    }

    /** Returns a copy with other codes after which the slot closes. */
    public RestartPolicy withStopCodes(Integer... codes) {
        return new RestartPolicy(when, Set.copyOf(Checks.elements("codes", codes)), backoff, maxRestarts, within);
    }

    /** Returns a copy with other delays. */
    public RestartPolicy withBackoff(Backoff backoff) {
        return new RestartPolicy(when, stopCodes, backoff, maxRestarts, within);
    }

    /**
     * Returns a copy with another intensity: the slot gives up after {@code restarts} restarts in {@code within}, or
     * after more than {@code restarts} failed starts in a row.
     */
    public RestartPolicy withIntensity(int restarts, Duration within) {
        return new RestartPolicy(when, stopCodes, backoff, restarts, within);
    }
}
