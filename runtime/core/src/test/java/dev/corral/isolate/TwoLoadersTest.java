package dev.corral.isolate;

import dev.corral.Failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoLoadersTest {
    private static String lastLine(Throwable thrown) {
        return Failure.of(thrown).stackTrace().lines().toList().getLast();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "class a.b.C cannot be cast to class a.b.C (a.b.C is in unnamed module of loader 'it#1' @6d06d69c; a.b.C is in"
                    + " unnamed module of loader 'app') | 'it#1' and 'app' | a.b.C | a.b",
            "class [La.C$D; cannot be cast to class [La.C$D; ([La.C$D; is in unnamed module of loader 'it#1' @1; [La.C$D; is"
                    + " in unnamed module of loader x.Y @2) | 'it#1' and x.Y | a.C$D | a"})
    void shouldNameBothLoadersAndTheCure(String message, String loaders, String type, String name) {
        assertEquals(
                "The class loaders " + loaders + " each have their own " + type + ", and an object of one came to the"
                        + " other. Let them have it in common: withShared(\"" + name + "\"), or --share " + name,
                lastLine(new IllegalStateException(new ClassCastException(message))));
    }

    @Test
    void shouldLeaveOtherExceptionsAlone() {
        for (Throwable other : new Throwable[]{new ClassCastException(), new ClassCastException("something"),
                new ClassCastException(
                        "class a.B cannot be cast to class a.C (a.B and a.C are in unnamed module of loader"
                                + " 'app')"),
                new IllegalStateException(
                        "class a.B cannot be cast to class a.B (a.B is in unnamed module of loader 'x'; a.B"
                                + " is in unnamed module of loader 'y')")}) {
            assertFalse(lastLine(other).contains("--share"), other.toString());
        }
    }
}
