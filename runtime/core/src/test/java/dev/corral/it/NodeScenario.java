package dev.corral.it;

import static org.awaitility.Awaitility.await;

import dev.corral.ClusterConfig;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.UnaryOperator;

/** A scenario of Node's own tests. As in Node, no worker is restarted. */
abstract class NodeScenario {
    static final String TAKEN = "Address already in use";

    final int port = Harness.freePort();

    static Harness node(Program program, UnaryOperator<ClusterConfig> configure) {
        return new Harness(program, config -> configure.apply(config.withRestart(RestartPolicy.NEVER)));
    }

    Harness node(String what, int workers) {
        return node(Harness.program("Conforming", what, Integer.toString(port)), config -> config.withWorkers(workers));
    }

    static Harness driven(Driver driver, UnaryOperator<ClusterConfig> configure) {
        return new Harness(driver.program(), config -> configure.apply(config.withRestart(RestartPolicy.NEVER)));
    }

    static Harness driven(Driver driver, int workers) {
        return driven(driver, config -> config.withWorkers(workers));
    }

    static boolean canBind(String host, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void awaitFree(int port) {
        await("port " + port + " is free").until(() -> canBind("0.0.0.0", port));
    }
}
