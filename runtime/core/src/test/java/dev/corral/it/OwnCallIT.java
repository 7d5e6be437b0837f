package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.StopPolicy;
import dev.corral.WorkerState;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that connect to the port that they serve themselves. */
@Tag("c2")
class OwnCallIT {
    private Driver driver;
    private Harness it;
    private int port;

    @BeforeEach
    void open() throws IOException {
        driver = new Driver();
        var patient = StopPolicy.DEFAULT.withDrain(Harness.LONG);
        it = new Harness(driver.program(), config -> config.withWorkers(4).withStop(patient));
    }

    @AfterEach
    void close() throws IOException {
        it.close();
        driver.close();
    }

    private void listen(String how, String address) throws Exception {
        port = driver.listen(1, how + " server " + address + "0");
        for (int id = 2; id <= 4; id++) {
            assertEquals(port, driver.listen(id, how + " server " + address + "0"));
        }
        it.awaitReady(4);
    }

    /** The worker drains until the connection is closed. */
    private Socket keepBusy(int worker) throws IOException {
        while (true) {
            var socket = new Socket("127.0.0.1", port);
            await().until(() -> it.cluster.workers().stream().mapToInt(each -> each.connections()).sum() == 1);
            if (it.worker(worker).connections() == 1) {
                socket.getOutputStream().write('\n'); // what is no HTTP does not move
                assertEquals('0' + worker, socket.getInputStream().read());
                return socket;
            }
            socket.close();
            await().until(() -> it.cluster.workers().stream().allMatch(each -> each.connections() == 0));
        }
    }

    /**
     * Until it reaches itself: it drains a moment before it has left the balancer for good, and gets nothing in
     * between.
     */
    private void drain(int worker) {
        it.worker(worker).disconnect();
        await().until(() -> it.worker(worker).state() == WorkerState.DRAINING);
        await().until(() -> driver.tell(worker, "call socket " + port).equals(Integer.toString(worker)));
    }

    /** As in Node; a balancer deals them as it deals all others. */
    @ParameterizedTest
    @ValueSource(strings = {"socket", "open-channel", "non-blocking-channel"})
    void shouldDealOutWhatAReadyWorkerAsksOfItsOwnPort(String way) throws Exception {
        listen("socket", "");
        assertEquals(Map.of(1, 2, 2, 2, 3, 2, 4, 2),
                Client.count(8, () -> Integer.parseInt(driver.tell(2, "call " + way + " " + port))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "constructor", "bound-socket", "channel", "open-channel", "non-blocking-channel"})
    void shouldAnswerADrainingWorkerByItself(String way) throws Exception {
        listen(way.endsWith("channel") ? "channel" : "socket", "");
        try (var _ = keepBusy(2)) {
            drain(2);
            assertEquals(Map.of(2, 40),
                    Client.count(40, () -> Integer.parseInt(driver.tell(2, "call " + way + " " + port))));
            Map<Integer, Integer> others = Client.count(15, () -> Client.ask(port));
            assertEquals(Set.of(1, 3, 4), others.keySet());
            await().until(() -> it.worker(2).connections() == 1);
        }
        assertEquals(0, it.awaitExit(2).code());
    }

    /** A worker that drains may have closed its server: then it is a client like any other. */
    @Test
    void shouldDealOutWhatADrainingWorkerAsksOfAPortThatItHasClosed() throws Exception {
        listen("socket", "");
        try (var _ = keepBusy(2)) {
            drain(2);
            driver.tell(2, "close server");
            Map<Integer, Integer> answers =
                    Client.count(15, () -> Integer.parseInt(driver.tell(2, "call socket " + port)));
            assertEquals(Set.of(1, 3, 4), answers.keySet());
        }
    }

    /** The cluster has stopped to listen when its workers are told to go. */
    @Test
    void shouldAnswerAWorkerByItselfWhenTheClusterCloses() throws Exception {
        listen("socket", "127.0.0.1:");
        try (var _ = keepBusy(2)) {
            Thread closing = Thread.startVirtualThread(it.cluster::close);
            await().until(() -> it.worker(2).state() == WorkerState.DRAINING);
            await().until(this::isRefused);
            await().until(() -> driver.tell(2, "call socket " + port).equals("2"));
            assertTrue(closing.isAlive());
        }
    }

    private boolean isRefused() throws IOException {
        try (var _ = new Socket("127.0.0.1", port)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
