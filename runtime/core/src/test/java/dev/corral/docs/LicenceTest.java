package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The licence is in the sources where people look for it, in the jars, and in the poms, and is the same everywhere. */
class LicenceTest {
    private static final Path ROOT = Path.of("..", "..");

    @Test
    void shouldBeTheSameInTheSourcesAndInTheJars() throws IOException {
        String licence = Files.readString(ROOT.resolve("runtime/LICENSE"));
        assertTrue(licence.strip().startsWith("Apache License"), licence);
        assertEquals(Files.readString(ROOT.resolve(".config/legal/META-INF/LICENSE")), licence);
        Path classes = Path.of("target", "classes", "META-INF", "LICENSE");
        assertEquals(licence, Files.readString(classes));
        assertTrue(Files.readString(ROOT.resolve("pom.xml")).contains("<name>Apache-2.0</name>"));
    }
}
