/**
 * What workers keep in the heap that all of them share, and who has too much. {@link dev.corral.memory.LiveBytes} measures what each one
 * keeps. The rest decides: by the limits of one ({@link dev.corral.memory.Limits}), or because the heap of all is short
 * ({@link dev.corral.memory.Pressure}). Where that was allocated a flight recording may tell
 * ({@link dev.corral.memory.FlightRecordings}).
 *
 * <p>Live bytes are what the last collection has left, and one that has looked at a part of the heap only leaves garbage. So
 * nobody is condemned by a first figure: it is a suspicion, and a collection of the whole heap that began after it decides
 * ({@link dev.corral.memory.CollectionCounts}).
 *
 * <p>ZGC is different: its young collections take tagged objects for live, so a figure is always of a collection of the whole heap, but of
 * one that was asked for, as a rule, and that takes seconds. So one is asked for early ({@code EarlyCollection}).
 *
 * <p>Bytes tell of a shortage only after a collection. Two more signs do not wait for one: how fast the heap fills up ({@code Rush}), and
 * which share of the time collections take ({@code Standstill}).
 *
 * <p>Who decides has plain values in and out: no threads, no clock of its own, and nothing of the collector but its counts.
 */
@NullMarked
package dev.corral.memory;

import org.jspecify.annotations.NullMarked;
