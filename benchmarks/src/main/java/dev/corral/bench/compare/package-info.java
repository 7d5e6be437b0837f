/**
 * Measures Corral beside its peers in one run, and writes a page. {@code benchmarks/bin/compare} starts it.
 *
 * <h2>How it works</h2>
 * {@link dev.corral.bench.compare.Compare} is the measuring JVM. It serves nothing itself. Every
 * {@link dev.corral.bench.compare.peers.Contender} runs in its own processes, a
 * {@link dev.corral.bench.compare.commands.Group}, whose master obeys commands on its standard input
 * ({@link dev.corral.bench.compare.commands.MasterLoop} lists them). Therefore each contender gets the same commands,
 * and ends with its standard input, even if the measuring JVM is killed.
 *
 * <p>A {@link dev.corral.bench.compare.rows.Row} measures one thing for all contenders, in rounds: within a round they
 * follow one another, and each round begins with another contender. A round gives one number for each
 * {@link dev.corral.bench.compare.report.Figure} of the row. {@link dev.corral.bench.compare.report.Report} writes
 * medians with the lowest and the highest round, and compares them with the
 * {@link dev.corral.bench.compare.report.Target}s.
 *
 * <h2>Packages</h2>
 * A test reads this list. It fails if a package uses one that is not in its line, or if a line allows one that is not
 * used:
 *
 * <pre>
 * compare:       machine, peers, report, rows
 * rows:          commands, load, machine, peers, report
 * peers:         commands, machine, peers.program
 * peers.program: commands
 * commands:      machine
 * load:          machine
 * machine:       -
 * report:        -
 * </pre>
 *
 * <h2>How to add to it</h2>
 * <ul>
 * <li>A row: write a class in {@code rows} that implements {@code Row}, and add it to {@code Rows.ALL}. If the masters
 * must do something new for it, add a command to {@code MasterLoop} and to {@code src/main/js/master.js}, and a
 * constant to {@code Ability} if not all contenders can do it.
 * <li>A contender: write a class in {@code peers} that implements {@code Contender}, and add it to {@code Peers.ALL}.
 * Its program obeys the commands of {@code MasterLoop}. It is a class in {@code peers.program} that extends
 * {@code MasterLoop}, or a script in {@code src/main/js} that uses {@code master.js}.
 * <li>A contender that sends messages: implement {@code SendsMessages} as well, with a program that extends
 * {@code MessageLoop} or obeys the same commands. Corral's program is {@code CorralMessages}. Other libraries are
 * dependencies of scope {@code provided}, which the build copies beside the jar for their own JVMs.
 * <li>A target: add it to its figure.</ul>
 */
@NullMarked
package dev.corral.bench.compare;

import org.jspecify.annotations.NullMarked;
