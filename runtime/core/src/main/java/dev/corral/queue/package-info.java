/** JCTools queues with a protocol by which their consumer parks while they are empty. Knows nothing of workers. */
@NullMarked
package dev.corral.queue;

import org.jspecify.annotations.NullMarked;
