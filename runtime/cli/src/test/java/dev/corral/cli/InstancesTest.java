package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class InstancesTest {
    private final Instances instances = new Instances();

    @ParameterizedTest
    @CsvSource({"1, 1", "17, 17"})
    void shouldTakeANumber(String text, int workers) {
        assertEquals(workers, instances.convert(text));
    }

    @ParameterizedTest
    @CsvSource({"max, 0", "0, 0", "-1, 1", "-1000, 1000"})
    void shouldCountFromTheProcessorsButNeverBelowOne(String text, int fewer) {
        int processors = Runtime.getRuntime().availableProcessors();
        assertEquals(Math.max(1, processors - fewer), instances.convert(text));
    }

    @Test
    void shouldRefuseWhatIsNoNumber() {
        var e = assertThrows(TypeConversionException.class, () -> instances.convert("many"));
        assertTrue(e.getMessage().contains("'many'"), e.getMessage());
    }
}
