package dev.corral.redirect.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.Failure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A program that cannot start fails in each worker. */
class FailurePrinterTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long nanos;
    private final RecentFailures recent = new RecentFailures(() -> nanos);

    private static Failure failure(String worker, String message) {
        return new Failure("E", message, "E: " + message + "\n\tat " + worker + "//app.Main.main(Main.java:3)\n");
    }

    private String print(String worker, String message) {
        printed.reset();
        new FailurePrinter(worker, () -> new PrintStream(printed, true, StandardCharsets.UTF_8), _ -> "main", recent)
                .print(Thread.currentThread(), failure(worker, message));
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void shouldPrintTheStackTraceOnceForAllWorkers() {
        assertEquals("Exception in thread \"main\" E: no\n\tat app#1//app.Main.main(Main.java:3)\n",
                print("app#1", "no"));
        assertEquals("Exception in thread \"main\" E: no (app#1 has printed the same stack trace)\n",
                print("app#2", "no"));
        assertEquals("Exception in thread \"main\" E: else\n\tat app#3//app.Main.main(Main.java:3)\n",
                print("app#3", "else"));
    }

    @Test
    void shouldPrintWhatAWorkerRepeatsItself() {
        print("app#1", "no");
        assertEquals("Exception in thread \"main\" E: no\n\tat app#1//app.Main.main(Main.java:3)\n",
                print("app#1", "no"));
    }

    @Test
    void shouldPrintTheStackTraceAgainAfterAMinute() {
        print("app#1", "no");
        nanos += Duration.ofMinutes(1).toNanos();
        assertEquals("Exception in thread \"main\" E: no\n\tat app#2//app.Main.main(Main.java:3)\n",
                print("app#2", "no"));
    }
}
