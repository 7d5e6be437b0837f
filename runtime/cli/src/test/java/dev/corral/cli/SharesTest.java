package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SharesTest {
    private final Shares shares = new Shares();

    @ParameterizedTest
    @CsvSource({"85%, 0.85", "0.85, 0.85", "100%, 1", "1, 1", "0.5%, 0.005", "099%, 0.99"})
    void shouldReadPercentAndFractions(String text, double share) {
        assertEquals(share, shares.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "0", "0%", "-5%", "85", "101%", "1.01", "x", "85 %", "1e-1", "NaN"})
    void shouldRefuseOthersWithTheValueAndTheRule(String text) {
        var e = assertThrows(TypeConversionException.class, () -> shares.convert(text));
        assertTrue(e.getMessage().contains("'" + text + "'") && e.getMessage().contains("must be"), e.getMessage());
    }
}
