package dev.corral.redirect.locale;

import dev.corral.redirect.Caller;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.MessageFormat;
import java.util.Collections;
import java.util.Locale.Category;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Methods that create text for the default locale, which they would read inside the JDK. */
@Documented(
        of = "`String.format`, `toLowerCase`, `printf`, `MessageFormat.format`, `ResourceBundle.getBundle` without a locale",
        becomes = "use its own default locale")
@SuppressWarnings("AnnotateFormatMethod") // the calls are in the program, not here
public final class LocaleText implements Redirect {
    private final Locales locales;
    /** Loaders of the classes that have asked for bundles; weak. Synchronized. */
    private final Set<ClassLoader> loaders =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** The redirect of the worker with these default locales. */
    public LocaleText(Locales locales) {
        this.locales = locales;
    }

    @Replaces(type = String.class, method = "format")
    String format(String format, @Nullable Object... args) {
        return String.format(locales.ofFormats(), format, args);
    }

    @Replaces(type = String.class, method = "formatted")
    String formatted(String format, @Nullable Object... args) {
        return String.format(locales.ofFormats(), format, args);
    }

    @Replaces(type = String.class, method = "toLowerCase")
    String toLowerCase(String text) {
        return text.toLowerCase(locales.getDefault());
    }

    @Replaces(type = String.class, method = "toUpperCase")
    String toUpperCase(String text) {
        return text.toUpperCase(locales.getDefault());
    }

    // A subclass may override the method without a locale. That is called while the worker has no format locale of its own.

    @Replaces(type = PrintStream.class, method = "printf")
    PrintStream printf(PrintStream stream, String format, @Nullable Object... args) {
        return locales.hasOwnOfFormats() ? stream.printf(locales.ofFormats(), format, args)
                : stream.printf(format, args);
    }

    @Replaces(type = PrintStream.class, method = "format")
    PrintStream format(PrintStream stream, String format, @Nullable Object... args) {
        return locales.hasOwnOfFormats() ? stream.format(locales.ofFormats(), format, args)
                : stream.format(format, args);
    }

    @Replaces(type = PrintWriter.class, method = "printf")
    PrintWriter printf(PrintWriter writer, String format, @Nullable Object... args) {
        return locales.hasOwnOfFormats() ? writer.printf(locales.ofFormats(), format, args)
                : writer.printf(format, args);
    }

    @Replaces(type = PrintWriter.class, method = "format")
    PrintWriter format(PrintWriter writer, String format, @Nullable Object... args) {
        return locales.hasOwnOfFormats() ? writer.format(locales.ofFormats(), format, args)
                : writer.format(format, args);
    }

    @Replaces(type = MessageFormat.class, method = "format")
    String message(String pattern, @Nullable Object... args) {
        return new MessageFormat(pattern, locales.ofFormats()).format(args);
    }

    @Replaces(type = Locale.class, method = "getDisplayLanguage")
    String displayLanguage(Locale locale) {
        return locale.getDisplayLanguage(locales.getDefault(Category.DISPLAY));
    }

    @Replaces(type = Locale.class, method = "getDisplayCountry")
    String displayCountry(Locale locale) {
        return locale.getDisplayCountry(locales.getDefault(Category.DISPLAY));
    }

    @Replaces(type = Locale.class, method = "getDisplayName")
    String displayName(Locale locale) {
        return locale.getDisplayName(locales.getDefault(Category.DISPLAY));
    }

    /**
     * If there is no bundle for the worker's locale, the JDK tries the JVM's locale before it takes the bundle without
     * a locale.
     */
    @Replaces(type = ResourceBundle.class, method = "getBundle")
    ResourceBundle getBundle(String name) {
        ClassLoader loader = Caller.find().type().getClassLoader();
        loaders.add(loader);
        return ResourceBundle.getBundle(name, locales.getDefault(), loader);
    }

    /**
     * Removes the loaders' bundles from the JDK's cache, where soft references hold them and the loaders of their
     * classes.
     */
    @Override
    public void close() {
        synchronized (loaders) {
            loaders.forEach(ResourceBundle::clearCache);
            loaders.clear();
        }
    }
}
