package dev.corral.bench.compare.report;

/**
 * A contender as the page describes it.
 *
 * @param description what its master and its workers are
 * @param command the command that starts it, or why it was skipped
 */
public record Participant(String name, String description, String command) {}
