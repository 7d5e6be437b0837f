package dev.corral.redirect.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.corral.redirect.environment.SystemProperties;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's log manager does with a configuration, as one worker's does it. */
class WorkerLogManagerTest {
    private final Logging logging =
            new Logging(WorkerLogManagerTest.class.getClassLoader(), new SystemProperties(Map.of()));

    @AfterEach
    void close() {
        logging.close();
    }

    private static InputStream configuration(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private Handler handlerOfRoot() {
        Handler[] handlers = logging.getLogger("").getHandlers();
        assertEquals(1, handlers.length);
        return handlers[0];
    }

    @Test
    void shouldLogToTheConsoleFromInfoWithoutAConfiguration() {
        assertInstanceOf(ConsoleHandler.class, handlerOfRoot());
        assertEquals(Level.INFO, logging.getLogger("").getLevel());
        assertFalse(logging.getLogger("some").isLoggable(Level.FINE));
    }

    @Test
    void shouldSetUpTheHandlersOfTheJdk(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("some.log");
        logging.getLogManager().readConfiguration(configuration("""
                handlers = java.util.logging.FileHandler
                .level = FINE
                java.util.logging.FileHandler.pattern = %s
                java.util.logging.FileHandler.formatter = java.util.logging.SimpleFormatter
                java.util.logging.FileHandler.level = FINE
                java.util.logging.FileHandler.encoding = UTF-8
                java.util.logging.SimpleFormatter.format = %%3$s %%4$s: %%5$s%%6$s%%n
                """.formatted(file)));

        logging.getLogger("some.name").fine("gr\u00fc\u00dfe");
        logging.getLogger("some.name").finer("nothing");
        logging.close();

        assertEquals(List.of("some.name FINE: gr\u00fc\u00dfe"), Files.readAllLines(file));
    }

    @Test
    void shouldPutLoggersThatComeLaterBetween() {
        Logger child = logging.getLogger("a.b.c");
        assertEquals("", child.getParent().getName());
        Logger between = logging.getLogger("a.b");
        assertEquals(between, child.getParent());
        assertEquals(logging.getLogger(""), between.getParent());
        assertEquals("", logging.getLogger("a.bc").getParent().getName());
    }

    @Test
    void shouldGoOnAfterWhatItCannotMake() throws IOException {
        logging.getLogManager().readConfiguration(configuration("""
                handlers = no.such.Handler, java.util.logging.ConsoleHandler
                .level = nonsense
                java.util.logging.ConsoleHandler.level = WARNING
                """));
        assertEquals(Level.WARNING, handlerOfRoot().getLevel());
        assertEquals(Level.INFO, logging.getLogger("").getLevel());
    }

    @Test
    void shouldUpdateWhatHasChangedOnly() throws IOException {
        logging.getLogManager().readConfiguration(configuration("""
                handlers = java.util.logging.ConsoleHandler
                kept.level = FINE
                changed.level = FINE
                """));
        Logger kept = logging.getLogger("kept");
        Logger changed = logging.getLogger("changed");
        Handler handler = handlerOfRoot();
        kept.setLevel(Level.FINEST); // by the program

        logging.getLogManager().updateConfiguration(configuration("""
                handlers = java.util.logging.ConsoleHandler
                kept.level = FINE
                changed.level = SEVERE
                """), null);

        assertEquals(Level.FINEST, kept.getLevel());
        assertEquals(Level.SEVERE, changed.getLevel());
        assertEquals(handler, handlerOfRoot());
        assertNotNull(logging.getLogManager().getProperty("changed.level"));
        logging.getLogManager().reset();
        assertNull(logging.getLogManager().getProperty("changed.level"));
        assertEquals(0, logging.getLogger("").getHandlers().length);
    }
}
