/**
 * Both ends of the commands by which the measuring JVM controls a contender.
 *
 * <p>{@link dev.corral.bench.compare.commands.Group} is the end in the measuring JVM. It starts a process and writes
 * commands to its standard input. The other end is the main loop of that process:
 * {@link dev.corral.bench.compare.commands.MasterLoop} for a master of workers,
 * {@link dev.corral.bench.compare.commands.MessageLoop} for a program that sends messages. Both list their commands.
 */
@NullMarked
package dev.corral.bench.compare.commands;

import org.jspecify.annotations.NullMarked;
