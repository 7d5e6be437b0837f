/**
 * Measures Corral beside its peers in one run, and writes a page. {@code benchmarks/bin/compare} starts it.
 *
 * <h2>How it works</h2>
 * {@link dev.corral.bench.compare.Compare} is the measuring JVM. It serves nothing itself: every
 * {@link dev.corral.bench.compare.Contender} runs as processes of its own, a {@link dev.corral.bench.compare.Group},
 * whose master obeys commands on its standard input ({@link dev.corral.bench.compare.MasterLoop} has the list).
 * Therefore each contender gets the same commands, and ends with its standard input, even if the measuring JVM is
 * killed.
 *
 * <p>A {@link dev.corral.bench.compare.Row} measures one thing for all contenders, in rounds: within a round they
 * follow one another, and each round begins with another contender. A round gives one number for each
 * {@link dev.corral.bench.compare.Figure} of the row; {@link dev.corral.bench.compare.Report} writes medians with the
 * lowest and the highest round, and compares them with the {@link dev.corral.bench.compare.Target}s.
 *
 * <h2>How to add to it</h2>
 * <ul>
 * <li>A row: write a class that implements {@code Row}, and add a line to {@code Compare.ROWS}. If the masters must do
 * something new for it, add a command to {@code MasterLoop} and to {@code src/main/js/master.js}.
 * <li>A contender: write a class that implements {@code Contender}, and add a line to {@code Compare.CONTENDERS}. Its
 * program obeys the commands of {@code MasterLoop}.
 * <li>A contender that sends messages: implement {@code SendsMessages} as well, with a program that extends
 * {@code MessageLoop} or does the same. The program of Corral is {@code CorralMessages}; other libraries are
 * dependencies of scope {@code provided}, which are copied beside the jar for their own JVMs.
 * <li>A target: add it to its figure.</ul>
 */
@NullMarked
package dev.corral.bench.compare;

import org.jspecify.annotations.NullMarked;
