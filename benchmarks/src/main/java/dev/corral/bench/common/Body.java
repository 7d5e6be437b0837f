package dev.corral.bench.common;

/** A piece of work that is always the same. */
public interface Body {
    /** Does the work once. The result depends on all of it. */
    long run();
}
