package dev.corral.rollout;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports that a replacement must serve before the old worker may end. A worker is ready with the first port that it
 * serves, and may open others later. Until the replacement serves all ports of the old worker, the old worker stays,
 * and both receive connections.
 *
 * <p>A replacement need not serve a port
 *
 * <ul>
 * <li>that only one worker may have (an exclusive port), so that it cannot have it beside the old worker;
 * <li>that the old worker bound later than {@code readyWithin} after its own fork: the port belongs to later work of
 * the old worker, and not to its start;
 * <li>that it has not served within {@code readyWithin} after its fork: its code no longer opens that port. The same
 * then applies to all later replacements of that version, so that a reload waits for such a port once, and not in each
 * slot.</ul>
 *
 * <p>There is one for each cluster. Not thread-safe. If a call runs out of memory, the next call decides the same.
 */
public final class Handover {
    private final Duration readyWithin;
    /** The version whose code no longer opens these ports. */
    private long version = -1;
    private final Set<SocketAddress> dropped = new HashSet<>();

    /**
     * Creates a handover.
     *
     * @param readyWithin the time that a replacement has, from its fork on
     */
    public Handover(Duration readyWithin) {
        this.readyWithin = readyWithin;
    }

    /**
     * A port of a worker.
     *
     * @param openedAfter the time from the worker's fork to the bind
     * @param isServed whether the worker has asked for connections
     * @param mayBeShared whether two workers can have it at the same time
     */
    public record Port(SocketAddress address, Duration openedAfter, boolean isServed, boolean mayBeShared) {}

    /**
     * Returns the ports that the old worker must keep serving, because its replacement, which is ready, does not yet
     * serve them; none if the old worker may end.
     *
     * @param version the version of the replacement
     * @param age the time since the fork of the replacement
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
