package dev.corral.bench.common;

/** A message that master and workers have in common, and that need not be copied. */
public record Note(long number, String text) {}
