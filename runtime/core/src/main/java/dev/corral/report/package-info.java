/**
 * What an incarnation reports. {@link dev.corral.report.Reports} receives its events, {@link dev.corral.report.WorkerFigures} are its figures
 * at one moment, and {@link dev.corral.report.EndedWorker} describe what is left after its end. {@link dev.corral.report.Accounts} count what it
 * has used.
 *
 * <p>Packages {@code worker}, {@code health} and {@code guard} write the reports, and the master reads them. So this package knows none of
 * these.
 *
 * <p>Threads: any thread may call a method of {@code Reports}, which returns at once. Any thread may ask {@code Accounts} and {@code EndedWorker}.
 */
@NullMarked
package dev.corral.report;

import org.jspecify.annotations.NullMarked;
