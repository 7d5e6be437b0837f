/**
 * What is measured. {@link dev.corral.bench.compare.rows.Rows} lists all rows.
 *
 * <p>A row demands abilities of a contender; it does not ask which contender it is.
 * {@link dev.corral.bench.compare.rows.Rounds} runs the rounds of a row.
 */
@NullMarked
package dev.corral.bench.compare.rows;

import org.jspecify.annotations.NullMarked;
