package dev.corral.bench.compare.peers;

/**
 * A capability that a row may demand of a contender. An ability that needs methods of its own is an interface:
 * {@link SendsMessages}, {@link RunsJars}.
 */
public enum Ability {
    /** Its master starts at least one worker that answers HTTP requests. */
    SERVES,
    /** Its master forks workers, ends them, and replaces those that have ended or that give no sign of life. */
    FORKS,
    /** All its workers serve one port, however many are requested. */
    SHARES_PORT,
    /** It replaces all workers on command, one after another. */
    RELOADS,
    /** It replaces workers that keep more memory than a limit. */
    LIMITS_MEMORY,
    /** Its workers use the heap of its master, so that their memory is freed and their processes do not end. */
    SHARES_HEAP
}
