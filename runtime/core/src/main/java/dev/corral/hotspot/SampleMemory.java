package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The memory that the machine code of {@link SampleRoutines} and Java share. It consists of words of 8 bytes outside of
 * the heap, which are never freed. The machine code changes words by atomic additions; Java reads them at any time.
 * Thread-safe.
 *
 * <pre>
 * words     OWNERS * STRIDE words; the words of owner n begin at n * 64
 *           0..31   cells, in bytes
 *           32      bytes allocated by ended platform threads
 *           33      CPU time of ended platform threads, in nanoseconds
 *           34      samples of objects with the size of a virtual thread
 *           35..63  not used
 *           Owner 0 stands for no owner: its word 0 counts dead canaries, its word 1 counts all samples.
 * weights   INTERVALS * SIZE_CLASSES words: the weight of a sample, by interval and size class
 *           Size class 0 weighs 0 (tags of owners), size class 1 weighs -1 (canaries).
 * counts    INTERVALS * SIZE_CLASSES words: the number of samples so far, by interval and size class
 * firstWeight  1 word: the interval in use, times SIZE_CLASSES
 * current      1 word: the cell in use
 *
 * a tag     63     59 58      57 56        48 47    32 31                    0
 *           +--------+----------+------------+--------+-----------------------+
 *           |   0    | interval | size class |   0    | number of the word    |
 *           +--------+----------+------------+--------+-----------------------+
 * </pre>
 */
final class SampleMemory {
    static final int OWNERS = 1 << 14;
    static final int CELLS = 32;
    static final int INTERVALS = 4;
    /** The number of words of each owner, a power of two. The class comment shows their layout. */
    static final int STRIDE = 64;
    static final int ENDED_ALLOCATED = CELLS;
    static final int ENDED_CPU = CELLS + 1;
    /** The word that counts samples of objects with the size of a virtual thread. */
    static final int THREAD_SIZED = CELLS + 2;
    /** The word of owner 0 that counts all samples. */
    static final int SAMPLES = 1;

    // The position of the size class in a tag, and the number of size classes.
    static final int SIZE_SHIFT = 48;
    static final int SIZE_CLASSES = 512;
    /** The number of size classes from one power of two to the next. */
    static final int EIGHTHS = 8;
    static final int FRACTION_BITS = 3;

    private static final VarHandle WORD = JAVA_LONG.arrayElementVarHandle();

    final MemorySegment words = Libc.pages((long) OWNERS * STRIDE * Long.BYTES);
    /** The weight of a sample, by interval and size class. Written before samples are taken. */
    final MemorySegment weights = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** The number of samples so far, by interval and size class. Written by the machine code. */
    final MemorySegment counts = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** The position in {@link #weights} of the interval in use. */
    final MemorySegment firstWeight = Libc.pages(Long.BYTES);
    /** The cell that new samples are added to. */
    final MemorySegment current = Libc.pages(Long.BYTES);

    /** Returns a word of an owner. */
    long word(int owner, long number) {
        return get(words, (long) owner * STRIDE + number);
    }

    /** Sets a word of an owner to 0 and returns what it was. */
    long take(int owner, long number) {
        return (long) WORD.getAndSet(words, 0L, (long) owner * STRIDE + number, 0L);
    }

    /** Sets all words of an owner to 0. */
    void clear(int owner) {
        for (int i = 0; i < STRIDE; i++) {
            set(words, (long) owner * STRIDE + i, 0);
        }
    }

    /** Returns the weight of a sample, by interval and size class as in a tag. */
    long weight(int size) {
        return get(weights, size);
    }

    void setWeight(int size, long weight) {
        set(weights, size, weight);
    }

    /** Returns the number of samples so far, by interval and size class as in a tag. */
    long count(int size) {
        return get(counts, size);
    }

    void useInterval(int interval) {
        set(firstWeight, 0, (long) interval * SIZE_CLASSES);
    }

    void useCell(int cell) {
        set(current, 0, cell);
    }

    private static long get(MemorySegment where, long number) {
        return (long) WORD.getOpaque(where, 0L, number);
    }

    private static void set(MemorySegment where, long number, long value) {
        WORD.setOpaque(where, 0L, number, value);
    }

    /** Returns the size in the middle of a size class, in bytes. */
    static double middle(int sizeClass) {
        int eighths = EIGHTHS + (sizeClass & (EIGHTHS - 1));
        return (eighths + 0.5) / EIGHTHS * Math.pow(2, sizeClass >> FRACTION_BITS);
    }

    /** Returns the size class of an object, as the machine code computes it. */
    static int sizeClass(long bytes) {
        long inside = bytes - 1;
        int highest = Long.SIZE - 1 - Long.numberOfLeadingZeros(inside);
        return (highest << FRACTION_BITS) | (int) (inside >>> (highest - FRACTION_BITS) & (EIGHTHS - 1));
    }
}
