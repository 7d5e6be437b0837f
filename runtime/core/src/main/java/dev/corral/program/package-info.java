/**
 * Programs: the parts of a jar, a class path or a class ({@link dev.corral.program.Snapshot}), and the private copies
 * that workers read ({@code SnapshotStore}). All programs of this JVM share the copies. A copy is deleted when no
 * program uses it any more. Any thread may call these methods; they read files and may block.
 */
@NullMarked
package dev.corral.program;

import org.jspecify.annotations.NullMarked;
