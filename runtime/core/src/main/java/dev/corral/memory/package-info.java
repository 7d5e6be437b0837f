/**
 * What workers keep in the heap that all of them share, and when that is too much. {@link dev.corral.memory.LiveBytes} measures; the
 * rest decides from figures and the time alone.
 */
@NullMarked
package dev.corral.memory;

import org.jspecify.annotations.NullMarked;
