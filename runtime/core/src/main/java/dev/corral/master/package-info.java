/**
 * The supervising side of one cluster: slots, states of workers, timers and events. It knows no class loader, socket or
 * thread of a worker.
 *
 * <h2>Structure</h2>
 *
 * <pre>
 * Master                   the API and its close; any thread
 *   StartSequence          the start, and how a failed one is undone
 *   ControlLoop            the master's thread: commands and timers
 *   Supervisor             commands and reports on that thread
 *     Slots, Slot          which worker is current in each slot
 *     TakeOver             when a ready replacement becomes current
 *     Succession           what follows the end of a worker
 *     Rollouts             reloads, replacements, scalings; RolloutExecutor carries out their steps
 *     WorkerLifecycle      one per worker: its state, what each state requires, its deadlines
 *   WorkerHandle           one per worker: what the API returns
 *   Registry               the workers as all threads see them, numbers, counters
 *   MasterServices         configuration, clock, loop, events, promises, incarnations, random numbers
 * </pre>
 *
 * <p>A class knows only classes below it, with two exceptions. The classes that start a cluster know {@code Master}.
 * The handle, the life, the start and the registry of workers know each other. {@code WorkerCommandQueue} takes the
 * commands and reports about one worker from any thread to the {@code Supervisor}.
 *
 * <h2>The cycle of a command</h2>
 * <ol>
 * <li>A method of {@code Supervisor} changes what the command is about: a slot, or the state of a worker. A change of
 * the state is followed at once by what the new state requires. If the change may concern other slots or a rollout, the
 * method requests an advance.
 * <li>After the command the loop calls {@code Supervisor.reconcile}. It fulfils what the states of all workers require,
 * where this was not done, and then advances: ready replacements take over, the plan of the rollouts is asked for the
 * next step, readiness is published, and results are completed.</ol>
 * <p>A command that runs out of memory runs again from its start. {@code ControlLoop} says what this requires of the
 * code, and how the lines are marked whose order matters.
 *
 * <h2>Threads, and who owns what</h2>
 * <table>
 * <caption>Ownership</caption>
 * <tr>
 * <th>state</th>
 * <th>written by</th>
 * <th>read by</th>
 * <th>how</th>
 * </tr>
 * <tr>
 * <td>{@code Slots}, {@code Slot}, {@code Rollouts}, {@code SupervisionState}, timers</td>
 * <td>master thread</td>
 * <td>master thread</td>
 * <td>confined</td>
 * </tr>
 * <tr>
 * <td>{@code WorkerLifecycle.state}</td>
 * <td>master thread</td>
 * <td>any</td>
 * <td>volatile; the other fields are confined</td>
 * </tr>
 * <tr>
 * <td>incarnation and exit in {@code WorkerHandle}</td>
 * <td>master thread</td>
 * <td>any</td>
 * <td>volatile</td>
 * </tr>
 * <tr>
 * <td>{@code WorkerHandle.weight}</td>
 * <td>any</td>
 * <td>any</td>
 * <td>volatile; the last write counts</td>
 * </tr>
 * <tr>
 * <td>live and current workers, slot numbers in {@code Registry}</td>
 * <td>API threads (fork), master thread</td>
 * <td>any</td>
 * <td>concurrent maps; lock</td>
 * </tr>
 * <tr>
 * <td>admitted workers, version of the code in {@code Registry}</td>
 * <td>master thread</td>
 * <td>any</td>
 * <td>volatile</td>
 * </tr>
 * <tr>
 * <td>figures of {@code LeakMonitor}</td>
 * <td>master thread</td>
 * <td>any</td>
 * <td>volatile</td>
 * </tr>
 * <tr>
 * <td>{@code Promises}</td>
 * <td>any</td>
 * <td>the thread that closes</td>
 * <td>concurrent map, volatile</td>
 * </tr>
 * <tr>
 * <td>{@code Readiness}</td>
 * <td>master thread</td>
 * <td>API threads that wait</td>
 * <td>its monitor</td>
 * </tr>
 * <tr>
 * <td>listeners' backlogs</td>
 * <td>event threads</td>
 * <td>event threads</td>
 * <td>the listener's monitor</td>
 * </tr>
 * </table>
 *
 * <p>The master thread takes commands and timers one after another, and waits for no other thread. No lock is held
 * while user code runs. No lock of this package is taken while another one is held.
 */
@NullMarked
package dev.corral.master;

import org.jspecify.annotations.NullMarked;
