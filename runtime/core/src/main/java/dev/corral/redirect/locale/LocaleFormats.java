package dev.corral.redirect.locale;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.text.Collator;
import java.text.DateFormat;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.text.RuleBasedCollator;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/** Factories of objects that keep a locale: they use the worker's default locale if the caller names none. */
@Documented(of = "`NumberFormat`, `DateFormat`, `DateTimeFormatter`, `Calendar`, `Collator` created without a locale",
        becomes = "use its own default locale. Constructors (`new SimpleDateFormat(pattern)`, `new Formatter()`, "
                + "`new Scanner(in)`) use the JVM's")
public final class LocaleFormats implements Redirect {
    private final Locales locales;

    /** The redirect of the worker with these default locales. */
    public LocaleFormats(Locales locales) {
        this.locales = locales;
    }

    @Replaces(type = NumberFormat.class, method = "getInstance", through = DecimalFormat.class)
    NumberFormat number() {
        return NumberFormat.getInstance(locales.ofFormats());
    }

    @Replaces(type = NumberFormat.class, method = "getNumberInstance", through = DecimalFormat.class)
    NumberFormat plainNumber() {
        return NumberFormat.getNumberInstance(locales.ofFormats());
    }

    @Replaces(type = NumberFormat.class, method = "getIntegerInstance", through = DecimalFormat.class)
    NumberFormat integer() {
        return NumberFormat.getIntegerInstance(locales.ofFormats());
    }

    @Replaces(type = NumberFormat.class, method = "getPercentInstance", through = DecimalFormat.class)
    NumberFormat percent() {
        return NumberFormat.getPercentInstance(locales.ofFormats());
    }

    @Replaces(type = NumberFormat.class, method = "getCurrencyInstance", through = DecimalFormat.class)
    NumberFormat currency() {
        return NumberFormat.getCurrencyInstance(locales.ofFormats());
    }

    @Replaces(type = NumberFormat.class, method = "getCompactNumberInstance", through = DecimalFormat.class)
    NumberFormat compact() {
        return NumberFormat.getCompactNumberInstance(locales.ofFormats(), NumberFormat.Style.SHORT);
    }

    @Replaces(type = DecimalFormatSymbols.class, method = "getInstance")
    DecimalFormatSymbols symbols() {
        return DecimalFormatSymbols.getInstance(locales.ofFormats());
    }

    @Replaces(type = DateFormat.class, method = "getInstance", through = SimpleDateFormat.class)
    DateFormat dateAndTimeShort() {
        return dateAndTime(DateFormat.SHORT, DateFormat.SHORT);
    }

    @Replaces(type = DateFormat.class, method = "getDateInstance", through = SimpleDateFormat.class)
    DateFormat date() {
        return date(DateFormat.DEFAULT);
    }

    @Replaces(type = DateFormat.class, method = "getDateInstance", through = SimpleDateFormat.class)
    DateFormat date(int style) {
        return DateFormat.getDateInstance(style, locales.ofFormats());
    }

    @Replaces(type = DateFormat.class, method = "getTimeInstance", through = SimpleDateFormat.class)
    DateFormat time() {
        return time(DateFormat.DEFAULT);
    }

    @Replaces(type = DateFormat.class, method = "getTimeInstance", through = SimpleDateFormat.class)
    DateFormat time(int style) {
        return DateFormat.getTimeInstance(style, locales.ofFormats());
    }

    @Replaces(type = DateFormat.class, method = "getDateTimeInstance", through = SimpleDateFormat.class)
    DateFormat dateAndTime() {
        return dateAndTime(DateFormat.DEFAULT, DateFormat.DEFAULT);
    }

    @Replaces(type = DateFormat.class, method = "getDateTimeInstance", through = SimpleDateFormat.class)
    DateFormat dateAndTime(int dateStyle, int timeStyle) {
        return DateFormat.getDateTimeInstance(dateStyle, timeStyle, locales.ofFormats());
    }

    @Replaces(type = DateTimeFormatter.class, method = "ofPattern")
    DateTimeFormatter ofPattern(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, locales.ofFormats());
    }

    @Replaces(type = DateTimeFormatter.class, method = "ofLocalizedDate")
    DateTimeFormatter ofLocalizedDate(FormatStyle style) {
        return DateTimeFormatter.ofLocalizedDate(style).withLocale(locales.ofFormats());
    }

    @Replaces(type = DateTimeFormatter.class, method = "ofLocalizedTime")
    DateTimeFormatter ofLocalizedTime(FormatStyle style) {
        return DateTimeFormatter.ofLocalizedTime(style).withLocale(locales.ofFormats());
    }

    @Replaces(type = DateTimeFormatter.class, method = "ofLocalizedDateTime")
    DateTimeFormatter ofLocalizedDateTime(FormatStyle style) {
        return ofLocalizedDateTime(style, style);
    }

    @Replaces(type = DateTimeFormatter.class, method = "ofLocalizedDateTime")
    DateTimeFormatter ofLocalizedDateTime(FormatStyle dateStyle, FormatStyle timeStyle) {
        return DateTimeFormatter.ofLocalizedDateTime(dateStyle, timeStyle).withLocale(locales.ofFormats());
    }

    @Replaces(type = DateTimeFormatterBuilder.class, method = "toFormatter")
    DateTimeFormatter toFormatter(DateTimeFormatterBuilder builder) {
        return builder.toFormatter(locales.ofFormats());
    }

    @Replaces(type = Calendar.class, method = "getInstance", through = GregorianCalendar.class)
    Calendar calendar() {
        return Calendar.getInstance(locales.ofFormats());
    }

    @Replaces(type = Calendar.class, method = "getInstance", through = GregorianCalendar.class)
    Calendar calendar(TimeZone zone) {
        return Calendar.getInstance(zone, locales.ofFormats());
    }

    @Replaces(type = Collator.class, method = "getInstance", through = RuleBasedCollator.class)
    Collator collator() {
        return Collator.getInstance(locales.getDefault());
    }
}
