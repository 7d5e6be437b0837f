package dev.corral.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.rollout.Handover.Port;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration YOUNG = Duration.ofSeconds(29);
    private static final SocketAddress APPLICATION = new InetSocketAddress("127.0.0.1", 8080);
    private static final SocketAddress ADMIN = new InetSocketAddress("127.0.0.1", 9090);
    private static final SocketAddress PATH = UnixDomainSocketAddress.of("/tmp/socket");

    private final Handover handover = new Handover(WITHIN);

    private static Port port(SocketAddress address) {
        return new Port(address, Duration.ofSeconds(1), true, true);
    }

    private Set<SocketAddress> awaited(long version, Duration age, List<Port> old, List<Port> replacement) {
        return handover.awaited(version, age, old, replacement);
    }

    @Test
    void shouldAwaitEachPortThatTheOldWorkerServesUntilTheReplacementServesIt() {
        List<Port> old = List.of(port(APPLICATION), port(ADMIN), port(PATH));
        assertEquals(Set.of(ADMIN, PATH), awaited(1, YOUNG, old, List.of(port(APPLICATION))));
        assertEquals(Set.of(ADMIN), awaited(1, YOUNG, old, List.of(port(APPLICATION), port(PATH))));
        assertEquals(Set.of(), awaited(1, YOUNG, old, old));
    }

    @Test
    void shouldNotTakeAPortForServedThatIsOnlyBound() {
        var bound = new Port(ADMIN, Duration.ofSeconds(1), false, true);
        assertEquals(Set.of(ADMIN), awaited(1, YOUNG, List.of(port(ADMIN)), List.of(bound)));
        assertEquals(Set.of(), awaited(1, YOUNG, List.of(bound), List.of()));
    }

    @Test
    void shouldNotAwaitAPortThatOnlyOneWorkerCanHave() {
        var exclusive = new Port(ADMIN, Duration.ofSeconds(1), true, false);
        assertEquals(Set.of(), awaited(1, YOUNG, List.of(port(APPLICATION), exclusive), List.of(port(APPLICATION))));
    }

    /** A port that FTP opens for one client, for example. */
    @Test
    void shouldNotAwaitAPortThatTheOldWorkerHasOpenedLongAfterItsStart() {
        var late = new Port(ADMIN, WITHIN, true, true);
        assertEquals(Set.of(), awaited(1, YOUNG, List.of(port(APPLICATION), late), List.of(port(APPLICATION))));
    }

    @Test
    void shouldAwaitAPortThatAVersionOpensNoMoreOnlyOnce() {
        List<Port> old = List.of(port(APPLICATION), port(ADMIN));
        List<Port> fresh = List.of(port(APPLICATION));
        assertEquals(Set.of(ADMIN), awaited(2, YOUNG, old, fresh));
        assertEquals(Set.of(), awaited(2, WITHIN, old, fresh));
        assertEquals(Set.of(), awaited(2, Duration.ZERO, old, fresh));
        assertEquals(Set.of(ADMIN), awaited(3, Duration.ZERO, old, fresh)); // other code may open it again
    }

    @Test
    void shouldAwaitOtherPortsOfAVersionThatHasDroppedOne() {
        List<Port> old = List.of(port(APPLICATION), port(ADMIN), port(PATH));
        assertEquals(Set.of(), awaited(2, WITHIN, old, List.of(port(APPLICATION), port(PATH))));
        assertEquals(Set.of(PATH), awaited(2, YOUNG, old, List.of(port(APPLICATION))));
    }
}
