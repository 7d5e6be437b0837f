/**
 * Rewrites the class files of a program. The {@link dev.corral.weave.Weaver} puts a checkpoint into each loop and
 * method, and replaces each call that the package {@code redirect} intercepts by a call of the
 * {@link dev.corral.weave.Gate}. An isolate can be killed at its checkpoints.
 *
 * <p>The class loaders of the package {@code isolate} use this package. It deals with class files only, and uses no
 * isolate, no worker and no thread.
 *
 * <p>Threads: any thread that loads a class weaves it. Nothing here waits for another thread.
 */
@NullMarked
package dev.corral.weave;

import org.jspecify.annotations.NullMarked;
