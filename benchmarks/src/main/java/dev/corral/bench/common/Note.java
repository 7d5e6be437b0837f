package dev.corral.bench.common;

/** A message whose class master and workers share, so that it is not copied. */
public record Note(long number, String text) {}
