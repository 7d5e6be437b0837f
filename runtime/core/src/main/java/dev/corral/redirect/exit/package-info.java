/**
 * Redirects of what ends a program: exit calls, shutdown hooks, signals, uncaught exceptions. Here they end, or are run
 * for, one worker. Whoever ends the worker is an interface here; the implementation is in {@code dev.corral.worker}.
 */
@NullMarked
package dev.corral.redirect.exit;

import org.jspecify.annotations.NullMarked;
