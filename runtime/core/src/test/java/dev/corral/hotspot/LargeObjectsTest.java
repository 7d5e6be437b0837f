package dev.corral.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("c2")
class LargeObjectsTest {
    private static final long KB = 1 << 10;
    private static final long MB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"16, 16", "524288, 524288", "524296, 1048576", "1048576, 1048576", "1048592, 2097152",
            "8388624, 9437184"})
    void shouldGiveALargeObjectWholeRegionsOfG1(long bytes, long room) {
        assertEquals(room, LargeObjects.ofG1(MB).room(bytes));
    }

    @Test
    void shouldKnowTheRegionsOfTheOthers() {
        assertEquals(new LargeObjects(256 * KB, 256 * KB), LargeObjects.ofShenandoah(512 * MB));
        assertEquals(new LargeObjects(4 * MB, 4 * MB), LargeObjects.ofShenandoah(9 * 1024 * MB));
        assertEquals(new LargeObjects(256 * KB, 2 * MB), LargeObjects.ofZ(32 * MB));
        assertEquals(new LargeObjects(2 * MB, 2 * MB), LargeObjects.ofZ(512 * MB));
        assertEquals(new LargeObjects(4 * MB, 2 * MB), LargeObjects.ofZ(64 * 1024 * MB));
    }

    @Test
    void shouldKnowThoseOfThisJvm() {
        LargeObjects large = LargeObjects.ofThisJvm();
        assertEquals(1000, large.room(1000));
        assertTrue(large.room(100 * MB + 16) >= 100 * MB + 16, large.toString());
    }

    /** Else an object that fills a region would count as one that needs two. */
    @Test
    void shouldHaveTheEndOfAClassOfSizesInIt() {
        assertEquals(SampleMemory.sizeClass(MB), SampleMemory.sizeClass(MB - 8));
        assertTrue(SampleMemory.sizeClass(MB) < SampleMemory.sizeClass(MB + 8));
        assertEquals(SampleMemory.sizeClass(MB + 8), SampleMemory.sizeClass(MB + MB / 8));
        assertTrue(SampleMemory.sizeClass(MB + MB / 8) < SampleMemory.sizeClass(MB + MB / 8 + 8));
    }
}
