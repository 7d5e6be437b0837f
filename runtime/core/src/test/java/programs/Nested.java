package programs;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@link Bare} with Corral in a class loader that the JVM does not know, as a fat jar does. The property
 * {@code nested} is the class path of that loader.
 */
public final class Nested {
    private Nested() {}

    public static void main(String[] args) throws Exception {
        List<URL> nested = new ArrayList<>();
        for (String entry : System.getProperty("nested").split(File.pathSeparator)) {
            nested.add(Path.of(entry).toUri().toURL());
        }
        var loader = new URLClassLoader(nested.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("programs.Bare").getMethod("main", String[].class).invoke(null, (Object) args);
    }
}
