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
    @CsvSource({"1k, 1024", "512k, 524288", "700m, 734003200", "700M, 734003200", "50g, 53687091200",
            "2T, 2199023255552",
            "8388607t, 9223370937343148032"})
    void shouldReadSizesAsTheJvmDoes(String text, long bytes) {
        assertEquals(bytes, sizes.convert(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "m", "-5m", "5 m", "5x", "1.5g", "0", "0g", "700", "734003200", "700mb", "1p", "8388608t",
                    "9999999999999999999"})
    void shouldRefuseOthersWithTheValueAndTheRule(String text) {
        var e = assertThrows(TypeConversionException.class, () -> sizes.convert(text));
        assertTrue(e.getMessage().contains("'" + text + "'") && e.getMessage().contains("must be"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0", "1, 2, 1k", "10240, 2, 10k", "10241, 2, 11k", "101376, 2, 99k", "101377, 2, 100k",
            "102401, 2, 110k", "102401, 3, 101k", "1048576, 2, 1100k", "10485760, 2, 10m", "10485759, 2, 10m",
            "194510848, 2, 190m", "1610612736, 2, 1600m", "10737418239, 2, 10g", "54760833024, 2, 51g",
            "109951162777601, 2, 110t", "109951162777601, 3, 101t"})
    void shouldRoundUpToAFewDigits(long bytes, int digits, String text) {
        assertEquals(text, Sizes.text(Sizes.roundUp(bytes, digits)));
    }

    @ParameterizedTest
    @CsvSource({"1k, 1k", "1023k, 1023k", "1024k, 1m", "716800k, 700m", "8388607t, 8388607t"})
    void shouldWriteSizesAsItReadsThem(String text, String written) {
        assertEquals(written, Sizes.text(sizes.convert(text)));
    }
}
