package dev.corral.redirect.locale;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.Locale.Category;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The default locale. The JDK itself reads the JVM's; see {@link LocaleText} and {@link LocaleFormats}. */
@Documented(of = "`Locale.setDefault`", becomes = "its own default, for each category")
public final class Locales implements Redirect {
    /** Null while the worker has none of its own. Written under the monitor, like the next two. */
    private volatile @Nullable Locale general;
    private volatile @Nullable Locale display;
    private volatile @Nullable Locale format;

    /** The redirect of a worker that has the JVM's locales so far. */
    public Locales() {}

    @Replaces(type = Locale.class, method = "setDefault")
    synchronized void setDefault(Locale locale) {
        general = Objects.requireNonNull(locale, "Can't set default locale to NULL"); // the JDK's message
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

    /** The default locale of formats. */
    Locale ofFormats() {
        return getDefault(Category.FORMAT);
    }

    /** Whether the worker has set a default locale of formats. */
    boolean hasOwnOfFormats() {
        return format != null;
    }
}
