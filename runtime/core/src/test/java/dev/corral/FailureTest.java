package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void shouldNameTheCauseWhereThereIsNoMessage() {
        var inner = new IllegalStateException("no configuration");
        assertEquals(
                "java.lang.ExceptionInInitializerError, caused by java.lang.IllegalStateException: no configuration",
                Failure.of(new ExceptionInInitializerError(inner)).toString());
        assertEquals("java.lang.IllegalStateException: no configuration", Failure.of(inner).toString());
        assertEquals("java.lang.NullPointerException", Failure.of(new NullPointerException()).toString());
        assertEquals("java.lang.RuntimeException: here",
                Failure.of(new RuntimeException("here", inner)).toString());
    }

    @Test
    void shouldNameTheCauseThatCorralHasFound() {
        var thrown = new IllegalStateException("in use", new CorralException("port 80 is used by process 1"));
        assertEquals("java.lang.IllegalStateException: in use: port 80 is used by process 1",
                Failure.of(thrown).toString());
    }
}
