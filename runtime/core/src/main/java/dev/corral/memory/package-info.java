/**
 * The use of memory: what each worker keeps in the common heap, and which worker has too much.
 * {@link dev.corral.memory.LiveBytes} measures what each worker keeps. {@link dev.corral.memory.Limits} decides by the
 * limits of one worker, and {@link dev.corral.memory.Pressure} decides when the common heap is short. A flight
 * recording may show where the memory was allocated ({@link dev.corral.memory.FlightRecordings}).
 *
 * <p>Live bytes are what the last collection has left. A collection that traces only a part of the heap leaves garbage
 * in the rest. Therefore a first figure is only a suspicion; a collection of the whole heap that begins after it
 * decides ({@link dev.corral.memory.CollectionCounts}).
 *
 * <p>ZGC is different: its young collections treat tagged objects as live, so its figures come from collections of the
 * whole heap. As a rule these are requested, and they take seconds. Therefore one is requested early
 * ({@code EarlyCollection}).
 *
 * <p>The number of live bytes shows a shortage only after a collection. Two other signs need no collection: how fast
 * the heap fills up ({@code Rush}), and which share of the time collections take ({@code Standstill}).
 *
 * <p>The classes that decide take plain values and return plain values. They use no threads and no clock, and they know
 * nothing of the collector except its counts.
 */
@NullMarked
package dev.corral.memory;

import org.jspecify.annotations.NullMarked;
