package dev.corral.redirect;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.MessageFormat;
import java.util.Collections;
import java.util.Locale;
import java.util.Locale.Category;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Methods that make text by the default locale, which they read inside the JDK. */
@Documented(
        of = "`String.format`, `toLowerCase`, `printf`, `MessageFormat.format`, `ResourceBundle.getBundle` without a locale",
        becomes = "go by its own default locale")
@SuppressWarnings("AnnotateFormatMethod") // what is woven was checked where it was written, if anywhere
public final class LocaleText implements Redirect {
    private final Locales locales;
    /** Loaders of those who have asked for bundles. Weak; synchronized. */
    private final Set<ClassLoader> loaders =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** With the worker's default locales. */
    LocaleText(Locales locales) {
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

    // A subclass may print in a way of its own, which is called as long as the locale is no question.

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

    /** Where there is none for its locale, the JDK goes on to that of the JVM before it takes the one without a locale. */
    @Replaces(type = ResourceBundle.class, method = "getBundle")
    ResourceBundle getBundle(String name) {
        ClassLoader loader = Caller.find().type().getClassLoader();
        loaders.add(loader);
        return ResourceBundle.getBundle(name, locales.getDefault(), loader);
    }

    /** The JDK keeps bundles softly, and with them the loader of those that are classes. */
    @Override
    public void close() {
        synchronized (loaders) {
            loaders.forEach(ResourceBundle::clearCache);
            loaders.clear();
        }
    }
}
