/**
 * When a worker is silent, and what that means. Decides only: what it is told was seen, with the time, is all that it knows.
 * Nothing here is thread-safe.
 */
@NullMarked
package dev.corral.watchdog;

import org.jspecify.annotations.NullMarked;
