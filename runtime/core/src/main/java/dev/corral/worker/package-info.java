/**
 * Assembles and takes apart one incarnation of a program: isolate, redirects, scheduler, ports. The master sees
 * {@link dev.corral.worker.Incarnations}, which makes them, {@link dev.corral.worker.Incarnation}, its verbs, and
 * {@link dev.corral.worker.Reports}, by which an incarnation tells what happened to it.
 *
 * <p>Threads: {@code start} is called by the master's thread and returns at once; the program runs on threads of its own;
 * everything about its end runs on one short-lived thread, the {@link dev.corral.worker.Ending}, so that neither the master
 * nor another worker waits for a slow hook. The {@link dev.corral.worker.Watch} of a cluster looks at all of them from a thread of
 * its own; what it sees of one are its {@link dev.corral.worker.Vitals}.
 */
@NullMarked
package dev.corral.worker;

import org.jspecify.annotations.NullMarked;
