/**
 * The programs of the contenders that run on the JVM. They run in the processes of the contenders, not in the measuring
 * JVM.
 */
@NullMarked
package dev.corral.bench.compare.peers.program;

import org.jspecify.annotations.NullMarked;
