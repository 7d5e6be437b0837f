package dev.corral.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetaspaceTest {
    /**
     * As HotSpot 25 prints it: two workers, one with two loaders of its own, one of which has a line break in its name.
     */
    private static final String HIERARCHY = """
            +-- <bootstrap>
                  |
                  |            Loader Oop: 0x0000000000000000
                  |           Loader Data: 0x00007efd88090c50
                  |          Loader Klass: 0x0000000000000000
                  |
                  +-- "platform", jdk.internal.loader.ClassLoaders$PlatformClassLoader
                        |
                        |            Loader Oop: 0x00000007ffc1eb18
                        |           Loader Data: 0x00007efd880a0790
                        |          Loader Klass: 0x000000006c1c9bb8
                        |
                        +-- "hello#3", dev.corral.isolate.IsolateLoader
                        |     |
                        |     |            Loader Oop: 0x000000069ec36bd8
                        |     |           Loader Data: 0x00007efd880e0bf0
                        |     |          Loader Klass: 0x000000006d040210
                        |     |
                        |     +-- org.example.Own
                        |     |     |
                        |     |     |            Loader Oop: 0x000000069ec371a8
                        |     |     |           Loader Data: 0x0000000000000000
                        |     |     |          Loader Klass: 0x000000006d040310
                        |     |     |
                        |     |     +-- "kid 'x
             " y", org.example.Own
                        |     |
                        |     |                        Loader Oop: 0x000000069ec375e8
                        |     |                       Loader Data: 0x00007efd880e2590
                        |     |                      Loader Klass: 0x000000006d040310
                        |     |
                        |     +-- org.example.Own
                        |
                        |                        Loader Oop: 0x000000069ec37b10
                        |                       Loader Data: 0x00007efd880e32c0
                        |                      Loader Klass: 0x000000006d040310
                        |
                        +-- "hello#4", dev.corral.isolate.IsolateLoader
                        |
                        |                  Loader Oop: 0x000000069ec36bd9
                        |                 Loader Data: 0x00007efd880e0bf4
                        |                Loader Klass: 0x000000006d040210
                        |
                        +-- "app", jdk.internal.loader.ClassLoaders$AppClassLoader

                                           Loader Oop: 0x00000007ffc1f030
                                          Loader Data: 0x00007efd880cd090
                                         Loader Klass: 0x000000006c1c9698

            """;

    private static final String STATISTICS = """
            ClassLoader         Parent              CLD*               Classes   ChunkSz   BlockSz  Type
            0x000000006d040310  0x000000006d040310  0x00007efd880e2590       1      6144      1712  org.example.Own
            0x000000006d040310  0x000000006d040210  0x00007efd880e32c0       1      6144       100  org.example.Own
                                                                             2      9000      4000   + hidden classes
            0x000000006c1c9698  0x000000006c1c9bb8  0x00007efd880cd090       2      8192      5456  \
            jdk.internal.loader.ClassLoaders$AppClassLoader
            0x0000000000000000  0x0000000000000000  0x00007efd88090c50    1745   4587520   3335976  <boot class loader>
                                                                            14     44032     26928   + hidden classes
            0x000000006d040310  0x000000006d040310  0x0000000000000000       0         0         0  org.example.Own
            0x000000006d040210  0x000000006c1c9bb8  0x00007efd880e0bf0      20     51200     20000  \
            dev.corral.isolate.IsolateLoader
            0x000000006d040210  0x000000006c1c9bb8  0x00007efd880e0bf4      10     51200     10000  \
            dev.corral.isolate.IsolateLoader
            Total = 8                                                     1765   4663296   3375208
            ChunkSz: Total size of all allocated metaspace chunks
            BlockSz: Total size of all allocated metaspace blocks (each chunk has several blocks)
            """;

    @Test
    void shouldAddUpAnIsolatesLoaderAndThoseBelowItWithTheirHiddenClasses() {
        assertEquals(Map.of("hello#3", 20_000L + 1_712 + 100 + 4_000, "hello#4", 10_000L),
                Metaspace.byIsolate(HIERARCHY, STATISTICS));
    }

    @Test
    void shouldTellNothingOfIsolatesWithOneName() {
        assertEquals(Map.of(), Metaspace.byIsolate(HIERARCHY.replace("hello#4", "hello#3"), STATISTICS));
    }

    @Test
    void shouldTellNothingWhereItUnderstandsNothing() {
        assertEquals(Map.of(), Metaspace.byIsolate("", ""));
        assertEquals(Map.of(), Metaspace.byIsolate(HIERARCHY, "no such command"));
        assertEquals(Map.of(), Metaspace.byIsolate("no such command", STATISTICS));
    }
}
