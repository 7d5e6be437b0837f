package dev.corral.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"PT0S, 0 s", "PT0.0000005S, 500 ns", "PT0.001S, 1 ms", "PT0.9999S, 999 ms", "PT1S, 1 s",
            "PT2.34S, 2.3 s", "PT2.04S, 2 s", "PT9.99S, 9.9 s", "PT12.9S, 12 s", "PT60S, 1 min", "PT125S, 2 min 5 s",
            "PT3H12M5S, 3 h 12 min", "PT51H, 2 d 3 h", "PT-0.5S, -500 ms", "PT-2.3S, -2.3 s",
            "PT-2562047788015215H-30M-8S, PT-2562047788015215H-30M-8S",
            "PT2562047788015215H30M7.999999999S, 106751991167300 d 15 h"})
    void shouldWriteADurationInTheUnitThatAPersonWouldChoose(Duration duration, String text) {
        assertEquals(text, Quantities.text(duration));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 bytes", "1023, 1023 bytes", "1024, 1 KB", "3584, 3.5 KB", "10239, 10 KB", "311753798, 297 MB",
            "209715200, 200 MB", "53687091200, 50 GB", "9223372036854775807, 8 EB"})
    void shouldWriteASizeInTheUnitThatAPersonWouldChoose(long bytes, String text) {
        assertEquals(text, Quantities.bytes(bytes));
    }
}
