/**
 * The contenders: how each of them is started, and what it is able to do.
 *
 * <p>{@link dev.corral.bench.compare.peers.Peers} lists all contenders. No contender knows a row. It declares
 * {@link dev.corral.bench.compare.peers.Ability abilities}, and a row demands some of them.
 */
@NullMarked
package dev.corral.bench.compare.peers;

import org.jspecify.annotations.NullMarked;
