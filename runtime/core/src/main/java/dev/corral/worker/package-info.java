/**
 * The assembly and the teardown of one incarnation of a program: isolate, redirects, scheduler and ports. The master
 * uses {@link dev.corral.worker.Incarnations}, which creates incarnations, and {@link dev.corral.worker.Incarnation},
 * which has the commands for one. An incarnation reports its events through {@link dev.corral.report.Reports}.
 *
 * <p>Threads: the master's thread calls {@code start}, which returns at once. The program runs on its own threads. The
 * whole end runs on one short-lived thread, the {@link dev.corral.worker.Ending}, so that neither the master nor
 * another worker waits for a slow hook. Package {@code health} watches a running incarnation, and package {@code guard}
 * watches its memory and its threads.
 */
@NullMarked
package dev.corral.worker;

import org.jspecify.annotations.NullMarked;
