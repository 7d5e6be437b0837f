package dev.corral.redirect;

import java.io.Serial;
import java.time.ZoneId;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's time zone while workers have their own. Whoever asks for the default gets a clone of it, which is one of the zone
 * of the worker that the current thread belongs to; only {@code Date} and {@code GregorianCalendar} work with the default
 * itself. As it is none of the JDK's own zones, they take today's offset for the standard one of all times.
 */
final class JvmTimeZone extends TimeZone {
    @Serial
    private static final long serialVersionUID = 1;
    /** Held by a thread that wants this object itself, not a clone of what it stands for. */
    private static final ReentrantLock HANDLING = new ReentrantLock();

    private final TimeZone before;

    JvmTimeZone(@Nullable TimeZone before) {
        this.before = copy(Objects.requireNonNull(before));
    }

    /**
     * A copy that knows its {@code ZoneId}. To find it out, a zone asks the JVM's default if that has the same name, which
     * would ask the zone.
     */
    static TimeZone copy(TimeZone zone) {
        var copy = (TimeZone) zone.clone();
        var _ = copy.toZoneId();
        return copy;
    }

    /** The JVM's default; this dispatcher, if it is that. */
    static TimeZone ofJvm() {
        HANDLING.lock();
        try {
            return TimeZone.getDefault();
        } finally {
            HANDLING.unlock();
        }
    }

    static void makeDefault(@Nullable TimeZone zone) {
        HANDLING.lock();
        try {
            TimeZone.setDefault(zone);
        } finally {
            HANDLING.unlock();
        }
    }

    private TimeZone current() {
        TimeZones current = JvmWide.ofCurrentThread(TimeZones.class);
        TimeZone own = current == null ? null : current.zone.or(null);
        return own == null ? before : own;
    }

    @Override
    public Object clone() {
        return HANDLING.isHeldByCurrentThread() ? this : current().clone();
    }

    /** A calendar that is written has a zone that can be read anywhere. */
    @Serial
    private Object writeReplace() {
        return current();
    }

    @Override
    public String getID() {
        return current().getID();
    }

    @Override
    public ZoneId toZoneId() {
        return current().toZoneId();
    }

    @Override
    public String getDisplayName(boolean daylight, int style, Locale locale) {
        return current().getDisplayName(daylight, style, locale);
    }

    @Override
    public int getOffset(int era, int year, int month, int day, int dayOfWeek, int milliseconds) {
        return current().getOffset(era, year, month, day, dayOfWeek, milliseconds);
    }

    @Override
    public int getOffset(long date) {
        return current().getOffset(date);
    }

    @Override
    public int getRawOffset() {
        return current().getRawOffset();
    }

    @Override
    public int getDSTSavings() {
        return current().getDSTSavings();
    }

    @Override
    public boolean useDaylightTime() {
        return current().useDaylightTime();
    }

    @Override
    public boolean observesDaylightTime() {
        return current().observesDaylightTime();
    }

    @Override
    public boolean inDaylightTime(Date date) {
        return current().inDaylightTime(date);
    }

    @Override
    public boolean hasSameRules(@Nullable TimeZone other) {
        return current().hasSameRules(other);
    }

    @Override
    public void setRawOffset(int offsetMillis) {
        throw new UnsupportedOperationException("the JVM's default time zone");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JvmTimeZone || current().equals(other);
    }

    @Override
    public int hashCode() {
        return current().hashCode();
    }

    @Override
    public String toString() {
        return current().toString();
    }
}
