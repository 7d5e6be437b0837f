package dev.corral.redirect.code;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.Interceptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandlerFactory;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A {@link URLClassLoader} that weaves the classes that it defines. Woven code of a worker creates and extends this
 * class instead. The JDK's class reads and defines a class in one step; this one finds the resource with the JDK's
 * method, and reads and defines it itself.
 */
public class WovenUrlClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    /** Open jars by URL. Guarded by its own monitor. */
    private final Map<String, JarFile> jars = new HashMap<>();

    /** See {@link URLClassLoader#URLClassLoader(URL[], ClassLoader)}. */
    public WovenUrlClassLoader(URL[] urls, @Nullable ClassLoader parent) {
        super(urls, parent);
    }

    /**
     * See {@link URLClassLoader#URLClassLoader(URL[])}. The parent is the loader of the worker that the thread belongs
     * to.
     */
    public WovenUrlClassLoader(URL[] urls) {
        super(urls, systemClassLoader());
    }

    /** See {@link URLClassLoader#URLClassLoader(URL[], ClassLoader, URLStreamHandlerFactory)}. */
    public WovenUrlClassLoader(URL[] urls, @Nullable ClassLoader parent, @Nullable URLStreamHandlerFactory factory) {
        super(urls, parent, factory);
    }

    /** See {@link URLClassLoader#URLClassLoader(String, URL[], ClassLoader)}. */
    public WovenUrlClassLoader(@Nullable String name, URL[] urls, @Nullable ClassLoader parent) {
        super(name, urls, parent);
    }

    /** See {@link URLClassLoader#URLClassLoader(String, URL[], ClassLoader, URLStreamHandlerFactory)}. */
    public WovenUrlClassLoader(@Nullable String name, URL[] urls, @Nullable ClassLoader parent,
            @Nullable URLStreamHandlerFactory factory) {
        super(name, urls, parent, factory);
    }

    private static ClassLoader systemClassLoader() {
        ClassLoading own = CurrentWorker.redirect(ClassLoading.class);
        return own == null ? ClassLoader.getSystemClassLoader() : own.getSystemClassLoader();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.equals(Interceptions.GATE)) { // the weaving below asks this loader for it
            throw new ClassNotFoundException(name);
        }
        String path = name.replace('.', '/') + ".class";
        URL url = super.findResource(path);
        byte[] woven = null;
        Code code = null;
        if (url != null) {
            try {
                code = read(url, path);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
            woven = RuntimeClasses.wovenForCurrent(this, code.bytes);
        }
        if (code == null || woven == null) {
            return super.findClass(name);
        }
        definePackageOf(name, code);
        return defineClass(name, woven, 0, woven.length, code.source);
    }

    /** A class file, and its origin. */
    private static final class Code {
        private final byte[] bytes;
        private final CodeSource source;
        private final @Nullable Manifest manifest;

        Code(byte[] bytes, URL source, CodeSigner @Nullable [] signers, @Nullable Manifest manifest) {
            this.bytes = bytes;
            this.source = new CodeSource(source, signers);
            this.manifest = manifest;
        }
    }

    private Code read(URL url, String path) throws IOException {
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection inJar) {
            URL jarUrl = inJar.getJarFileURL();
            if (jarUrl.getProtocol().equals("file") && jarUrl.getHost().isEmpty()) {
                JarFile jar = open(jarUrl);
                JarEntry entry = jar.getJarEntry(inJar.getEntryName());
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    return new Code(bytes, jarUrl, entry.getCodeSigners(), jar.getManifest());
                }
            }
        }
        connection.setUseCaches(false); // otherwise closing it would close it for others
        try (InputStream in = connection.getInputStream()) {
            byte[] bytes = in.readAllBytes();
            return connection instanceof JarURLConnection inJar
                    ? new Code(bytes, inJar.getJarFileURL(), inJar.getJarEntry().getCodeSigners(), inJar.getManifest())
                    : new Code(bytes, sourceOf(url, path), null, null);
        }
    }

    private JarFile open(URL jarUrl) throws IOException {
        synchronized (jars) {
            JarFile jar = jars.get(jarUrl.toString());
            if (jar == null) {
                try {
                    jar = open(new File(new URI(jarUrl.toString())));
                } catch (URISyntaxException | IllegalArgumentException e) { // created by File.toURL, which escapes nothing
                    jar = open(new File(jarUrl.getPath()));
                }
                jars.put(jarUrl.toString(), jar);
            }
            return jar;
        }
    }

    private static JarFile open(File file) throws IOException {
        return new JarFile(file, true, ZipFile.OPEN_READ, JarFile.runtimeVersion());
    }

    /** The directory in which a class was found. */
    @SuppressWarnings("deprecation") // the only way to keep the URL's handler
    private static URL sourceOf(URL url, String path) throws MalformedURLException {
        String text = url.toString();
        return text.endsWith(path) ? new URL(url, text.substring(0, text.length() - path.length())) : url;
    }

    private void definePackageOf(String className, Code code) {
        int dot = className.lastIndexOf('.');
        if (dot < 0 || getDefinedPackage(className.substring(0, dot)) != null) {
            return;
        }
        String name = className.substring(0, dot);
        try {
            if (code.manifest == null) {
                definePackage(name, null, null, null, null, null, null, null);
            } else {
                definePackage(name, code.manifest, code.source.getLocation());
            }
        } catch (IllegalArgumentException _) {
            // another thread has defined it in the meantime
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        synchronized (jars) {
            for (JarFile jar : jars.values()) {
                jar.close();
            }
            jars.clear();
        }
    }
}
