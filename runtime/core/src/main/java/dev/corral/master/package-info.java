/**
 * The supervising side of one cluster: slots, states, timers, events. Knows no loader, socket or thread of a worker.
 *
 * <h2>Threads, and who owns what</h2>
 * <table>
 * <caption>Ownership</caption>
 * <tr><th>state</th><th>written by</th><th>read by</th><th>how</th></tr>
 * <tr><td>{@code Slots}, {@code Slot}, {@code Rollouts}, timers</td><td>master thread</td><td>master thread</td><td>confined</td></tr>
 * <tr><td>{@code WorkerHandle.state} and the like</td><td>master thread</td><td>any</td><td>volatile</td></tr>
 * <tr><td>live workers, slot numbers</td><td>API threads (fork), master thread</td><td>any</td><td>concurrent map; lock</td></tr>
 * <tr><td>the code version that new workers run</td><td>master thread</td><td>any</td><td>volatile</td></tr>
 * <tr><td>{@code Promises}</td><td>any</td><td>the thread that closes</td><td>concurrent map, volatile</td></tr>
 * <tr><td>{@code Readiness}</td><td>master thread</td><td>API threads that wait</td><td>its monitor</td></tr>
 * <tr><td>listeners' backlogs</td><td>event threads</td><td>event threads</td><td>the listener's monitor</td></tr>
 * </table>
 *
 * <p>The master thread takes commands and timers one after another and waits for nobody. API threads and incarnations send it
 * commands. No lock is held while user code runs; locks here are leaves, none is taken while another is held.
 *
 * <h2>Without memory</h2>
 * <p>The heap is full because of some worker, and whoever asks for memory next fails. So a command that fails of it is run again from its
 * start ({@code ControlLoop}); a change of a worker's state takes no memory, and what the state asks for is done by {@code WorkerLifecycle.settle}
 * until all of it has been; {@code OutOfMemoryTest} has each allocation of this package fail in turn. What would be linked or initialised for
 * the first time then, {@code FailurePathWarmUp} has used before.
 */
@NullMarked
package dev.corral.master;

import org.jspecify.annotations.NullMarked;
