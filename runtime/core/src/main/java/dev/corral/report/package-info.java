/**
 * The data that an incarnation reports. {@link dev.corral.report.Reports} receives its events.
 * {@link dev.corral.report.WorkerFigures} are its figures at one moment. An {@link dev.corral.report.EndedWorker}
 * describes what is left after its end. {@link dev.corral.report.Accounts} count the resources that it has used.
 *
 * <p>Packages {@code worker}, {@code health} and {@code guard} write the reports, and the master reads them. This
 * package uses none of these four.
 *
 * <p>Threads: any thread may call a method of {@code Reports}, which returns at once. Any thread may ask
 * {@code Accounts} and {@code EndedWorker}.
 */
@NullMarked
package dev.corral.report;

import org.jspecify.annotations.NullMarked;
