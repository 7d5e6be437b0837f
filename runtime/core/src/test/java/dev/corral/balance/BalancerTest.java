package dev.corral.balance;

import dev.corral.Balancer;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

    private final List<Ready> ready = new ArrayList<>();

    /** A worker that is nothing but its figures. */
    private static final class Ready implements Worker {
        private final long id;
        private final int slot;
        private int weight = 1;
        private int connections;

        Ready(long id, int slot) {
            this.id = id;
            this.slot = slot;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public int slot() {
            return slot;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public void setWeight(int weight) {
            this.weight = weight;
        }

        @Override
        public int connections() {
            return connections;
        }

        @Override
        public double busy() {
            return 0;
        }

        @Override
        public void send(Object message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean trySend(Object message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <R> R ask(Object message, Class<R> reply, Duration deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Program program() {
            throw new UnsupportedOperationException();
        }

        @Override
        public WorkerState state() {
            return WorkerState.READY;
        }

        @Override
        public CompletableFuture<Worker> onReady() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Exit> onExit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Exit> disconnect() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Exit> kill() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Worker> replace() {
            throw new UnsupportedOperationException();
        }

        @Override
        public WorkerStats stats() {
            throw new UnsupportedOperationException();
        }
    }

    private void ready(int... weights) {
        for (int weight : weights) {
            var worker = new Ready(ready.size() + 1, ready.size());
            worker.weight = weight;
            ready.add(worker);
        }
    }

    /** Slots as letters. */
    private String choices(Balancer balancer, int times) {
        return IntStream.range(0, times).mapToObj(_ -> letter(balancer.choose(CLIENT, List.copyOf(ready))))
                .collect(Collectors.joining());
    }

    private static String letter(Worker worker) {
        return Character.toString('a' + worker.slot());
    }

    @Test
    void shouldTakeTurnsBySlot() {
        ready(1, 1, 1);
        assertEquals("abcabcab", choices(Balancer.roundRobin(), 8));
    }

    @Test
    void shouldLeaveTheTurnsOfOthersAsTheyAreWhenSomebodyComesOrGoes() {
        ready(1, 1, 1, 1);
        Balancer balancer = Balancer.roundRobin();
        assertEquals("ab", choices(balancer, 2));
        Ready second = ready.remove(1);
        assertEquals("cd", choices(balancer, 2));
        ready.add(1, new Ready(second.id() + 10, second.slot()));
        assertEquals("abcd", choices(balancer, 4));
        ready.removeLast();
        assertEquals("abca", choices(balancer, 4));
    }

    @Test
    void shouldTakeTurnsBetweenTheOldAndTheNewWorkerOfASlot() {
        ready(1, 1);
        ready.add(1, new Ready(9, 0));
        Balancer balancer = Balancer.roundRobin();
        List<Long> ids = IntStream.range(0, 6).mapToObj(_ -> balancer.choose(CLIENT, List.copyOf(ready)).id()).toList();
        assertEquals(List.of(1L, 9L, 2L, 1L, 9L, 2L), ids);
    }

    /** The sequence of nginx. */
    @Test
    void shouldSpreadTurnsByWeightAsEvenlyAsCanBe() {
        ready(5, 1, 1);
        assertEquals("aabacaaaabacaa", choices(Balancer.weighted(), 14));
    }

    @Test
    void shouldFollowWeightsThatChangeMeanwhile() {
        ready(5, 1, 1);
        Balancer balancer = Balancer.weighted();
        assertEquals("aab", choices(balancer, 3));
        ready.forEach(worker -> worker.weight = 1);
        choices(balancer, 30); // credit from before is spent
        assertEquals(Map.of("a", 10, "b", 10, "c", 10), count(choices(balancer, 30)));
    }

    @Test
    void shouldForgetTheCreditOfThoseWhoAreGone() {
        Balancer balancer = Balancer.weighted();
        for (int i = 0; i < 100; i++) {
            ready.clear();
            ready.add(new Ready(i, 0));
            ready.add(new Ready(1000 + i, 1));
            assertEquals("ab", choices(balancer, 2));
        }
    }

    @Test
    void shouldChooseWhoHasTheFewestConnectionsByWeight() {
        ready(1, 1, 2);
        ready.get(0).connections = 3;
        ready.get(1).connections = 2;
        ready.get(2).connections = 3;
        assertEquals("c", choices(Balancer.leastConnections(), 1));
        ready.get(2).connections = 5;
        assertEquals("bbb", choices(Balancer.leastConnections(), 3));
    }

    @Test
    void shouldLetEqualsTakeTurns() {
        ready(1, 1, 1);
        ready.get(1).connections = 1;
        assertEquals("acacac", choices(Balancer.leastConnections(), 6));
    }

    @Test
    void shouldSendAClientToTheSameSlotAndSpreadClients() throws Exception {
        ready(1, 1, 1, 1);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            Worker first = Balancer.clientHash().choose(client(i, 1000), List.copyOf(ready));
            Worker again = Balancer.clientHash().choose(client(i, 2000), List.copyOf(ready));
            assertEquals(first, again);
            counts.merge(letter(first), 1, Integer::sum);
        }
        assertTrue(counts.values().stream().allMatch(count -> count > 850 && count < 1150), counts.toString());
    }

    @Test
    void shouldMoveOnlyTheClientsOfASlotThatIsGoneAndBringThemBack() throws Exception {
        ready(1, 1, 1, 1);
        Balancer balancer = Balancer.clientHash();
        List<Worker> before = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            before.add(balancer.choose(client(i, 1), List.copyOf(ready)));
        }
        Ready gone = ready.remove(2);
        for (int i = 0; i < 1000; i++) {
            Worker now = balancer.choose(client(i, 1), List.copyOf(ready));
            assertTrue(before.get(i) == gone ? now != gone : now == before.get(i));
        }
        ready.add(2, new Ready(99, 2)); // another worker in the same slot
        for (int i = 0; i < 1000; i++) {
            assertEquals(before.get(i).slot(), balancer.choose(client(i, 1), List.copyOf(ready)).slot());
        }
    }

    @Test
    void shouldPreferTheNewWorkerOfASlotThatIsBeingReplaced() throws Exception {
        ready(1);
        ready.add(new Ready(2, 0));
        for (int i = 0; i < 20; i++) {
            assertEquals(2, Balancer.clientHash().choose(client(i, 1), List.copyOf(ready)).id());
        }
    }

    @Test
    void shouldSpreadClientsByWeight() throws Exception {
        ready(3, 1);
        int first = 0;
        for (int i = 0; i < 4000; i++) {
            first += Balancer.clientHash().choose(client(i, 1), List.copyOf(ready)).slot() == 0 ? 1 : 0;
        }
        assertTrue(first > 2850 && first < 3150, "of 4000: " + first);
    }

    @Test
    void shouldTakeAClientWithoutAddress() {
        ready(1, 1);
        var local = InetSocketAddress.createUnresolved("", 0);
        Worker chosen = Balancer.clientHash().choose(local, List.copyOf(ready));
        assertEquals(chosen, Balancer.clientHash().choose(local, List.copyOf(ready)));
    }

    private static InetSocketAddress client(int number, int port) throws UnknownHostException {
        byte[] address = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
    }

    private static Map<String, Integer> count(String choices) {
        Map<String, Integer> counts = new HashMap<>();
        choices.chars().forEach(c -> counts.merge(Character.toString(c), 1, Integer::sum));
        return counts;
    }
}
