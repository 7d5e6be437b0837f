package dev.corral.bench.common;

/** Some work, always the same. */
public interface Body {
    /** Does it once; what it returns depends on all of it. */
    long run();
}
