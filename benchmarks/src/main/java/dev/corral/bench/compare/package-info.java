/**
 * Corral beside its peers, measured in one run: what {@code benchmarks/bin/compare} starts, and the page that it writes.
 *
 * <h2>How it works</h2>
 * {@link dev.corral.bench.compare.Compare} is the measuring JVM. It serves nothing itself: every
 * {@link dev.corral.bench.compare.Contender} runs as processes of its own, a {@link dev.corral.bench.compare.Group}, whose
 * master obeys a few lines on its standard input ({@link dev.corral.bench.compare.MasterLoop} has the list). So each
 * contender is asked for the same things in the same words, and ends with its standard input, even if the measuring JVM is
 * killed.
 *
 * <p>A {@link dev.corral.bench.compare.Row} measures one thing on all contenders, in rounds: within a round they follow one
 * another, and each round begins with another one. A round gives one number for each
 * {@link dev.corral.bench.compare.Figure} of the row; {@link dev.corral.bench.compare.Report} writes medians with the lowest
 * and the highest round, and holds them against the {@link dev.corral.bench.compare.Target}s.
 *
 * <h2>How to add to it</h2>
 * <ul>
 * <li>A row, for a later capability: a class that implements {@code Row}, and a line in {@code Compare.ROWS}. If the masters
 * must do something new for it, a command in {@code MasterLoop} and in {@code src/main/js/master.js}.
 * <li>A contender: a class that implements {@code Contender}, and a line in {@code Compare.CONTENDERS}. Its program obeys the
 * commands of {@code MasterLoop}.
 * <li>A contender that sends messages: it implements {@code SendsMessages} as well, by a program that extends
 * {@code MessageLoop} or does the same. That of Corral is to be {@code CorralMessages}; libraries of others are dependencies
 * of scope {@code provided}, which lie beside the jar for JVMs of their own.
 * <li>A target: in the figure that it is about.
 * </ul>
 */
@NullMarked
package dev.corral.bench.compare;

import org.jspecify.annotations.NullMarked;
