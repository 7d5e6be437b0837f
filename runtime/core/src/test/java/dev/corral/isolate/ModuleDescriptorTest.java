package dev.corral.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.Cluster;
import dev.corral.port.SharedSelectorProvider;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Substitutes;
import dev.corral.redirect.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The module descriptor exports what woven code and the JDK use, and nothing else. */
class ModuleDescriptorTest {
    private static final Path DESCRIPTOR = Path.of("src", "main", "module", "module-info.java");

    @Test
    void shouldExportTheApiAndTheSubstitutes() throws IOException {
        Set<String> needed = new TreeSet<>();
        needed.add(Cluster.class.getPackageName());
        needed.add(SharedSelectorProvider.class.getPackageName());
        for (Class<? extends Redirect> redirect : Catalogue.interceptions().redirects()) {
            for (Substitutes substitution : redirect.getAnnotationsByType(Substitutes.class)) {
                needed.add(substitution.by().getPackageName());
            }
        }
        assertEquals(needed, Pattern.compile("exports ([a-z.]+)").matcher(Files.readString(DESCRIPTOR)).results()
                .map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new)));
    }
}
