/**
 * Programs: what a jar, a class path or a class consists of ({@link dev.corral.program.Snapshot}), and the private copies that workers read
 * ({@code SnapshotStore}). Copies are shared by all programs of this JVM; a copy is deleted when no program uses it any more. Methods may be
 * called by any thread, and read files.
 */
@NullMarked
package dev.corral.program;

import org.jspecify.annotations.NullMarked;
