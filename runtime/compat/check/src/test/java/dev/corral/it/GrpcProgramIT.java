package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A service over gRPC: its connections are shared out, each with all of its calls. */
class GrpcProgramIT {
    private static final int CONNECTIONS = 8;
    private static final int CALLS = Soak.number("corral.requests", 1_600, 40_000) / CONNECTIONS;
    private static final MethodDescriptor<String, String> HELLO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("Greeter/Hello")
            .setRequestMarshaller(new Text()).setResponseMarshaller(new Text()).build();

    @Test
    void shouldShareConnectionsInExactRoundRobinAndEndWithoutATrace() throws Exception {
        int port = Harness.freePort();
        try (var it = Programs.fourCopiesOf("grpc", port, config -> config)) {
            assertEquals(Map.of(1, 25, 2, 25, 3, 25, 4, 25), Client.count(100, () -> askOnce(port)));

            List<ManagedChannel> channels = Stream.generate(() -> connectTo(port)).limit(CONNECTIONS).toList();
            try {
                List<Integer> workers = channels.stream().map(GrpcProgramIT::ask).toList();
                assertEquals(List.of(1, 2, 3, 4, 1, 2, 3, 4), workers);
                assertEquals(workers, askManyTimes(channels));

                Programs.kill(it, 2);
                List<ManagedChannel> cut = List.of(channels.get(1), channels.get(5));
                await().until(() -> cut.stream().noneMatch(GrpcProgramIT::isConnected));
                assertEquals(List.of(1, 3, 4, 1, 3, 4), channels.stream().filter(channel -> !cut.contains(channel))
                        .map(GrpcProgramIT::ask).toList());
                Set<Integer> others = cut.stream().map(GrpcProgramIT::ask).collect(Collectors.toSet());
                assertTrue(others.size() == 2 && Set.of(1, 3, 4, 5).containsAll(others), others.toString());
            } finally {
                channels.forEach(GrpcProgramIT::close);
            }
            Programs.endAllWithoutATrace(it);
        }
    }

    private static ManagedChannel connectTo(int port) {
        return Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create()).build();
    }

    private static boolean isConnected(ManagedChannel channel) {
        return channel.getState(false) == ConnectivityState.READY;
    }

    private static int askOnce(int port) {
        ManagedChannel channel = connectTo(port);
        try {
            return ask(channel);
        } finally {
            close(channel);
        }
    }

    /** The worker that has answered. */
    private static int ask(ManagedChannel channel) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(Harness.LONG).withWaitForReady();
        String answer = ClientCalls.blockingUnaryCall(channel, HELLO, options, "test");
        String beginning = "hello test from worker ";
        assertEquals(beginning, answer.substring(0, beginning.length()));
        return Integer.parseInt(answer.substring(beginning.length()));
    }

    /** On all connections at the same time; the worker that has answered all calls of each. */
    private static List<Integer> askManyTimes(List<ManagedChannel> channels) throws Exception {
        List<Integer> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(channels.size())) {
            List<Future<Map<Integer, Integer>>> loads = channels.stream()
                    .map(channel -> threads.submit(() -> Client.count(CALLS, () -> ask(channel)))).toList();
            for (Future<Map<Integer, Integer>> load : loads) {
                assertEquals(1, load.get().size(), load.get().toString());
                workers.addAll(load.get().keySet());
            }
        }
        return workers;
    }

    private static void close(ManagedChannel channel) {
        channel.shutdownNow();
        try {
            channel.awaitTermination(Harness.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
