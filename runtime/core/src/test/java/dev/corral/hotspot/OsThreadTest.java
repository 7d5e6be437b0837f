package dev.corral.hotspot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Tag("c2")
class OsThreadTest {
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile long sink;

    @AfterEach
    void end() {
        ended.set(true);
    }

    private static OsThread find(Thread thread) {
        var found = new AtomicReference<OsThread>();
        await().until(() -> {
            found.set(OsThread.of(thread));
            return found.get() != null;
        });
        return found.get();
    }

    /** The kernel tells the two apart only by what they burn. */
    @Test
    void shouldTellWhoReadsFromWhoSpins() throws Exception {
        Path file = Path.of("pom.xml"); // remains, because the reader outlives this test
        Thread spinner = Thread.ofPlatform().daemon().start(() -> {
            while (!ended.get()) {
                sink++;
            }
        });
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            while (!ended.get()) {
                try (InputStream in = Files.newInputStream(file)) {
                    sink += in.read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        OsThread spins = find(spinner);
        OsThread reads = find(reader);
        long spun = spins.inputsAndOutputs().orElseThrow();
        long read = reads.inputsAndOutputs().orElseThrow();
        await().until(() -> reads.inputsAndOutputs().orElseThrow() > read + 100);
        assertEquals(spun, spins.inputsAndOutputs().orElseThrow());
        assertTrue(spins.schedule().cpuNanos() > 0);
    }

    @Test
    void shouldHaveAThreadRunLast() throws Exception {
        Thread spinner = Thread.ofPlatform().daemon().start(() -> {
            while (!ended.get()) {
                sink++;
            }
        });
        OsThread found = find(spinner);
        assertNotNull(found);
        assertTrue(found.setLowestPriority(spinner));
        assertEquals("19", nice(found));
    }

    /** Its number may be another thread's by now: here it is the one of a thread that lives. */
    @Test
    void shouldLeaveThePriorityAloneOnceTheThreadHasEnded() throws Exception {
        Thread spinner = Thread.ofPlatform().daemon().start(() -> {
            while (!ended.get()) {
                sink++;
            }
        });
        OsThread found = find(spinner);
        Thread gone = Thread.ofPlatform().start(() -> {});
        gone.join();
        String before = nice(found);
        assertFalse(found.setLowestPriority(gone));
        assertEquals(before, nice(found));
    }

    private static String nice(OsThread thread) throws IOException {
        String stat = Files.readString(Path.of("/proc/self/task").resolve(thread.toString()).resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
    }
}
