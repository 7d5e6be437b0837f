package programs.common;

/** Immutable, so that it may be handed over where it is shared. */
public record Token(String text) {}
