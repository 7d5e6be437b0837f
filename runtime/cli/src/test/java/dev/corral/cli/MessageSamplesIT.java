package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The samples that are about messages. */
class MessageSamplesIT {
    @Test
    void shouldPlayPingPong() throws Exception {
        try (var pingPong = Command.sample("PingPong", "20000")) {
            assertEquals(0, pingPong.awaitExit(), pingPong.err.toString());
            pingPong.awaitOut(line -> line.startsWith("2,000 round trips"));
            pingPong.awaitOut(line -> line.startsWith("20,000 texts"));
            pingPong.awaitOut(line -> line.startsWith("20,000 records"));
        }
    }

    @Test
    void shouldChatAcrossAReload() throws Exception {
        try (var chat = Command.sample("Chat")) {
            chat.type("hello");
            for (int slot = 0; slot < 3; slot++) {
                String prefix = "chat#" + (slot + 1) + " | ";
                chat.awaitOut(line -> line.equals(prefix + "worker 1, first edition: hello"));
            }
            chat.type("reload");
            chat.awaitOut(line -> line.startsWith("Completed"));
            chat.type("hello again");
            chat.awaitOut(line -> line.matches("chat#[456] \\| worker .*")
                    && line.endsWith(", second edition: HELLO AGAIN"));
        }
    }
}
