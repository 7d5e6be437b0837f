package dev.corral.hotspot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The packages of the JDK that Corral uses although they are not exported. Their list is the resource
 * {@code dev/corral/jvm.flags}: the lines that begin with {@code --add-opens}. Thread-safe.
 */
public final class JdkOpenings {
    private static final String FLAGS = "/dev/corral/jvm.flags";

    private static final String OPTION = "--add-opens=";

    private JdkOpenings() {}

    /**
     * Returns the packages that are not open to Corral, by module. Modules that this JVM does not have are left out.
     */
    public static Map<Module, Set<String>> missing() {
        Module corral = JdkOpenings.class.getModule();
        Map<Module, Set<String>> missing = new LinkedHashMap<>();
        try (InputStream flags = JdkOpenings.class.getResourceAsStream(FLAGS)) {
            if (flags == null) { // somebody has packed Corral's classes without it
                return missing;
            }
            new BufferedReader(new InputStreamReader(flags, StandardCharsets.UTF_8)).lines()
                    .filter(line -> line.startsWith(OPTION)).forEach(line -> {
                        int slash = line.indexOf('/');
                        String name = line.substring(slash + 1, line.indexOf('=', slash));
                        Optional<Module> module =
                                ModuleLayer.boot().findModule(line.substring(OPTION.length(), slash));
                        if (module.isPresent() && !module.get().isOpen(name, corral)) {
                            missing.computeIfAbsent(module.get(), _ -> new LinkedHashSet<>()).add(name);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return missing;
    }
}
