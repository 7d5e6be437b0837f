package dev.corral.redirect.stdio;

import static org.awaitility.Awaitility.await;

import dev.corral.OutputSink.Line;
import dev.corral.testing.Soak;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that print where their stack ends. */
@Tag("c2")
class OverflowingOutputTest {
    /** The number of levels, from the deepest one up, that print. */
    private static final int LEVELS = 200;
    private static final int THREADS = Soak.number("corral.overflows", 15, 150);

    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final OutputPump pump = new OutputPump();
    private final LineSplitter splitter = new LineSplitter((bytes, part, end) -> {
        boolean _ = pump.print(new Target(), new Line(false, bytes, StandardCharsets.UTF_8, part, end), () -> true);
    });

    private final class Target implements OutputPump.Target {
        @Override
        public void deliver(Line line) {
            delivered.add(line.text());
        }

        @Override
        public void done() {}
    }

    private void print(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        splitter.write(bytes, 0, bytes.length);
    }

    /** Returns the number of levels below this one. */
    private int descend() {
        int below = 0;
        try {
            below = 1 + descend();
            if (below < LEVELS) {
                print("deep");
            }
        } catch (StackOverflowError _) {
            // the level above this one tries next
        }
        return below;
    }

    @Test
    void shouldDeliverLaterLinesAfterThreadsHaveOverflowedWhilePrinting() throws InterruptedException {
        for (int i = 0; i < THREADS; i++) {
            Thread deep = new Thread(null, this::descend, "deep", 256 << 10);
            deep.start();
            deep.join();
        }
        print("last");
        await().atMost(Duration.ofMinutes(1)).until(() -> delivered.contains("last"));
    }
}
