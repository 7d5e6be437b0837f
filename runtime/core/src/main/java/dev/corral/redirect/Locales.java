package dev.corral.redirect;

import java.util.Locale;
import java.util.Locale.Category;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The default locale. What the JDK reads of it by itself is the JVM's; see {@link LocaleText} and {@link LocaleFormats}. */
@Documented(of = "`Locale.setDefault`", becomes = "its own, for each category")
public final class Locales implements Redirect {
    /** Null where it has none of its own. Guarded by the monitor for writing, like the next two. */
    private volatile @Nullable Locale general;
    private volatile @Nullable Locale display;
    private volatile @Nullable Locale format;

    /** With those of the JVM. */
    Locales() {}

    @Replaces(type = Locale.class, method = "setDefault")
    synchronized void setDefault(Locale locale) {
        general = Objects.requireNonNull(locale, "Can't set default locale to NULL"); // in the JDK's words
        display = locale;
        format = locale;
    }

    @Replaces(type = Locale.class, method = "setDefault")
    synchronized void setDefault(Category category, Locale locale) {
        Objects.requireNonNull(locale, "Can't set default locale to NULL");
        switch (category) {
            case DISPLAY -> display = locale;
            case FORMAT -> format = locale;
        }
    }

    @Replaces(type = Locale.class, method = "getDefault")
    Locale getDefault() {
        Locale own = general;
        return own == null ? Locale.getDefault() : own;
    }

    @Replaces(type = Locale.class, method = "getDefault")
    Locale getDefault(Category category) {
        Locale own = switch (category) {
            case DISPLAY -> display;
            case FORMAT -> format;
        };
        return own == null ? Locale.getDefault(category) : own;
    }

    /** What formats go by. */
    Locale ofFormats() {
        return getDefault(Category.FORMAT);
    }

    /** Whether formats go by a locale of its own. */
    boolean hasOwnOfFormats() {
        return format != null;
    }
}
