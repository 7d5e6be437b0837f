/**
 * Decides when a worker is silent, and when it is a zombie. The classes take readings and times as arguments and use no
 * threads and no clock. They are not thread-safe.
 */
@NullMarked
package dev.corral.watchdog;

import org.jspecify.annotations.NullMarked;
