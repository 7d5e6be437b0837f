/**
 * Assembles and takes apart one incarnation of a program: isolate, redirects, scheduler, ports. The master uses
 * {@link dev.corral.worker.Incarnations}, which creates them, and {@link dev.corral.worker.Incarnation}, which has the commands for one. An
 * incarnation reports what happened to it through {@link dev.corral.report.Reports}.
 *
 * <p>Threads: {@code start} is called by the master's thread and returns at once; the program runs on threads of its own;
 * everything about its end runs on one short-lived thread, the {@link dev.corral.worker.Ending}, so that neither the master
 * nor another worker waits for a slow hook. Package {@code health} watches a running incarnation, and package {@code guard} watches what it
 * holds.
 */
@NullMarked
package dev.corral.worker;

import org.jspecify.annotations.NullMarked;
