/**
 * JCTools queues with a protocol by which their consumer parks while they are empty, and the threads of Corral itself that
 * such consumers are. Knows nothing of workers.
 */
@NullMarked
package dev.corral.queue;

import org.jspecify.annotations.NullMarked;
