package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    private final Sizes sizes = new Sizes();

    @ParameterizedTest
    @CsvSource({"1, 1", "512k, 524288", "700m, 734003200", "700M, 734003200", "50g, 53687091200", "2T, 2199023255552",
            "8388607t, 9223370937343148032"})
    void shouldReadSizesAsTheJvmDoes(String text, long bytes) {
        assertEquals(bytes, sizes.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-5m", "5 m", "5x", "1.5g", "0", "0g", "700mb", "1p", "8388608t",
            "9999999999999999999"})
    void shouldRefuseOthersWithTheValueAndTheRule(String text) {
        var e = assertThrows(TypeConversionException.class, () -> sizes.convert(text));
        assertTrue(e.getMessage().contains("'" + text + "'") && e.getMessage().contains("must be"), e.getMessage());
    }
}
