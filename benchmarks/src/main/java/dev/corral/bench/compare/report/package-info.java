/**
 * The results: figures, their targets, and the page and the JSON that show them. Knows no contender and no row.
 *
 * <p>A {@link dev.corral.bench.compare.report.Subject} is what the page must know of a row. Contenders appear by their
 * names.
 */
@NullMarked
package dev.corral.bench.compare.report;

import org.jspecify.annotations.NullMarked;
