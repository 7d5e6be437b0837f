package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    private final Durations durations = new Durations();

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "5s, PT5S", "2m, PT2M", "1h, PT1H", "0, PT0S", "0s, PT0S"})
    void shouldReadDurationsAsPeopleWriteThem(String text, Duration duration) {
        assertEquals(duration, durations.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-5s", "5 s", "5x", "1.5s", "250", "9999999999999s"})
    void shouldRefuseOthersWithTheValueAndTheRule(String text) {
        var e = assertThrows(TypeConversionException.class, () -> durations.convert(text));
        assertTrue(e.getMessage().contains("'" + text + "'") && e.getMessage().contains("must be"), e.getMessage());
    }
}
