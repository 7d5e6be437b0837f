package dev.corral.reap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.isolate.Isolate;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.HdrHistogram.IntCountsHistogram;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class OwnCodeTest {
    @Test
    void shouldContainCorralAndEveryClassOfTheLibrariesThatItUses() throws Exception {
        assertTrue(OwnCode.contains(Isolate.class.getName()));
        for (Class<?> library : List.of(MpscUnboundedAtomicArrayQueue.class, IntCountsHistogram.class)) {
            try (var jar = new JarFile(new File(library.getProtectionDomain().getCodeSource().getLocation().toURI()))) {
                List<String> others = jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class"))
                        .map(name -> name.replace('/', '.')).filter(name -> !OwnCode.contains(name))
                        .filter(name -> !name.startsWith("META-INF") && !name.equals("module-info.class")).toList();
                assertEquals(List.of(), others);
            }
        }
    }

    /** JSpecify has annotations only, which do not run. */
    @Test
    void shouldKnowAllLibrariesOfTheRuntime() throws Exception {
        String pom = java.nio.file.Files.readString(Path.of("pom.xml"));
        List<String> compiled = Stream.of(pom.split("<dependency>")).skip(1)
                .filter(each -> !each.contains("<scope>test</scope>"))
                .map(each -> each.replaceAll("(?s).*<artifactId>([^<]*)</artifactId>.*", "$1")).sorted().toList();
        assertEquals(List.of("HdrHistogram", "jctools-core", "jspecify"), compiled);
    }

    @Test
    void shouldContainNoProgram() {
        assertFalse(OwnCode.contains("com.example.App"));
        assertFalse(OwnCode.contains("org.jctoolsx.App"));
        assertFalse(OwnCode.contains("dev.corrals.App"));
    }
}
