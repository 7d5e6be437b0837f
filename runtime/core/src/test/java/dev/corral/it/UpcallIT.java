package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import java.lang.foreign.Linker;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Workers that end inside an upcall of {@code java.lang.foreign}: this JVM, which an exception out of one would end,
 * goes on.
 */
@Tag("c2")
class UpcallIT {
    @BeforeAll
    static void needsTheCLibrary() {
        Linker.nativeLinker().defaultLookup().find("qsort").ifPresentOrElse(_ -> {},
                () -> assumeTrue(false, "there is no qsort here"));
    }

    private static Harness open(String how, String thread) {
        return new Harness(Harness.program("Called", how, thread),
                config -> config.withRestart(RestartPolicy.NEVER).withHeartbeat(HeartbeatPolicy.OFF));
    }

    @ParameterizedTest
    @CsvSource({"spin,platform", "spin,virtual", "sleep,platform", "sleep,virtual", "nested,platform",
            "nested,virtual", "regex,platform", "regex,virtual"})
    void shouldEndAWorkerInsideAnUpcallBehindTheNativeCode(String how, String thread) throws Exception {
        long loaders = NothingLeftIT.liveLoaders();
        try (var it = open(how, thread)) {
            it.awaitLine(1, "sorted [2, 5, 9]");
            it.awaitLine(1, "inside");
            Exit exit = it.worker(1).kill().get();
            assertEquals(List.of(), exit.abandonedThreads());
            assertTrue(!it.linesOf(1).contains("native code has returned"), () -> it.lines.toString());
            awaitLoaders(loaders);
        }
    }

    /** Its start routine would have to return an address. */
    @ParameterizedTest
    @CsvSource({"spin", "sleep"})
    void shouldAbandonAThreadOfNativeCodeThatCannotBeReturnedTo(String how) throws Exception {
        try (var it = open(how, "native")) {
            it.awaitLine(1, "inside");
            Exit exit = it.worker(1).kill().get();
            assertEquals(1, exit.abandonedThreads().size(), () -> exit.abandonedThreads().toString());
        } finally {
            NothingLeftIT.countHeldLoader();
        }
    }

    @ParameterizedTest
    @CsvSource({"throw,platform,IllegalStateException", "throw,virtual,IllegalStateException",
            "throw,native,IllegalStateException", "overflow,platform,StackOverflowError"})
    void shouldEndTheWorkerWhoseUpcallThrows(String how, String thread, String type) {
        try (var it = open(how, thread)) {
            Exit exit = it.awaitExit(1);
            var reason = assertInstanceOf(ExitReason.Crashed.class, exit.reason(), exit::toString);
            assertTrue(reason.failure().toString().contains(type), exit::toString);
            assertEquals(1, exit.code());
        } finally {
            if (thread.equals("native")) {
                NothingLeftIT.countHeldLoader();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"platform", "virtual"})
    void shouldExitInAnUpcall(String thread) {
        try (var it = open("exit", thread)) {
            assertEquals(7, it.awaitExit(1).code());
        }
    }

    private static void awaitLoaders(long most) {
        await().until(() -> {
            System.gc();
            return NothingLeftIT.liveLoaders() <= most;
        });
    }
}
