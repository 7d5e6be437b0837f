package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Requests;
import java.io.IOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The sample {@code Seed}: a program that embeds Corral, in a JVM of its own with nothing but the jars. */
class SeedIT {
    private static final String HELLO = "hello world from worker ";
    private final int port = Requests.freePort();

    private Command seed(String which) {
        return Command.sample("Seed", which, Integer.toString(port), "2");
    }

    /** The worker that answers, on a new connection. */
    private int ask(String path) throws IOException {
        URLConnection connection = URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        try (var in = connection.getInputStream()) {
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith(HELLO), answer);
            return Integer.parseInt(answer.substring(HELLO.length()).strip());
        }
    }

    private void awaitAnswersOf(int... workers) {
        Set<Integer> expected = new TreeSet<>();
        for (int worker : workers) {
            expected.add(worker);
        }
        await().atMost(Command.LONG).ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> new TreeSet<>(List.of(ask("/"), ask("/"))).equals(expected));
    }

    @Test
    void shouldAnswerFromEachWorkerInTurn() throws Exception {
        try (var seed = seed("fork")) {
            awaitAnswersOf(1, 2);
            seed.signal("TERM");
            assertEquals(143, seed.awaitExit());
            assertEquals("Master cluster setting up 2 workers...", seed.out.getFirst());
        }
    }

    @Test
    void shouldReplaceAWorkerThatExits() throws Exception {
        try (var seed = seed("exit")) {
            awaitAnswersOf(1, 2);
            int exited = ask("/exit");
            awaitAnswersOf(3 - exited, 3);
            seed.awaitOut(
                    line -> line.equals("Worker " + exited + " died with code: 1, because: completed with 1"));
        }
    }

    @Test
    void shouldHearFromWorkersWhatTheyAreTold() {
        try (var seed = seed("message")) {
            seed.awaitOut(line -> line.equals("Worker 1 says: hi there"));
            seed.awaitOut(line -> line.equals("Worker 2 says: hi there"));
        }
    }

    @Test
    void shouldKillAWorkerThatHasMissedItsHeartbeats() throws Exception {
        try (var seed = seed("heartbeat")) {
            awaitAnswersOf(1, 2);
            int spinning = ask("/spin");
            awaitAnswersOf(3 - spinning, 3);
            seed.awaitOut(line -> line.equals("Worker " + spinning + " has missed 3 heartbeats"));
            seed.awaitOut(line -> line.equals("Worker " + spinning + " died with code: 137, because: killed"));
        }
    }

    @Test
    void shouldReplaceAllWorkersOneAfterTheOther() {
        try (var seed = seed("rolling")) {
            awaitAnswersOf(1, 2);
            seed.awaitOut(line -> line.equals("Worker 3 has taken the place of 1"));
            seed.awaitOut(line -> line.equals("Worker 4 has taken the place of 2"));
        }
    }
}
