package dev.corral.rollout;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports that a replacement must serve before the worker that it replaces may go. A worker is ready with the first port that it serves,
 * and may open others later: until the replacement serves all ports of the old worker, that one stays, and both get connections.
 *
 * <p>A replacement need not serve a port
 *
 * <ul>
 * <li>that it cannot have beside the old worker, because only one worker may have it (an exclusive port);
 * <li>that the old worker itself bound only later than {@code readyWithin} after its fork: it belongs to something that the worker has done,
 * and not to its start;
 * <li>that it has not served within {@code readyWithin} after its fork: its code opens that port no more. The same then holds for
 * all later replacements of that version, so that a reload waits for such a port once, and not in each slot.
 * </ul>
 *
 * One for each cluster. Not thread-safe. Where memory fails, the next call decides the same.
 */
public final class Handover {
    private final Duration readyWithin;
    /** The version that has dropped these ports. */
    private long version = -1;
    private final Set<SocketAddress> dropped = new HashSet<>();

    /** With this time for a replacement, from its fork on. */
    public Handover(Duration readyWithin) {
        this.readyWithin = readyWithin;
    }

    /**
     * A port of a worker.
     *
     * @param openedAfter its fork
     * @param isServed whether the worker has asked for connections
     * @param mayBeShared whether two workers can have it at the same time
     */
    public record Port(SocketAddress address, Duration openedAfter, boolean isServed, boolean mayBeShared) {}

    /**
     * The ports that the old worker has to go on serving, because its replacement, which is ready, does not yet; none if it may go.
     *
     * @param version of the replacement's code
     * @param age of the replacement
     */
    public Set<SocketAddress> awaited(long version, Duration age, List<Port> old, List<Port> replacement) {
        if (version != this.version) {
            dropped.clear();
            this.version = version;
        }
        Set<SocketAddress> awaited = new HashSet<>();
        old.stream().filter(port -> port.isServed && port.mayBeShared && port.openedAfter.compareTo(readyWithin) < 0)
                .forEach(port -> awaited.add(port.address));
        replacement.stream().filter(Port::isServed).forEach(port -> awaited.remove(port.address));
        awaited.removeAll(dropped);
        if (age.compareTo(readyWithin) < 0) {
            return awaited;
        }
        dropped.addAll(awaited);
        return Set.of();
    }
}
