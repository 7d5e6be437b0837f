package dev.corral.redirect.locale;

import dev.corral.redirect.CurrentWorker;
import java.io.Serial;
import java.time.ZoneId;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The default time zone of the JVM while workers have their own: a dispatcher. A caller that asks for the default gets
 * a clone, and {@code clone} returns a clone of the zone of the worker that the current thread belongs to. Only {@code
 * Date} and {@code GregorianCalendar} use the default itself. Because its class is not one of the JDK's, they use the
 * standard offset of today for all times.
 */
final class JvmTimeZone extends TimeZone {
    @Serial
    private static final long serialVersionUID = 1;
    /** Held by a thread that needs this object itself, not a clone of a worker's zone. */
    private static final ReentrantLock HANDLING = new ReentrantLock();

    /** The zone of the embedding program. */
    private final TimeZone before;

    JvmTimeZone(@Nullable TimeZone before) {
        this.before = copy(Objects.requireNonNull(before));
    }

    /**
     * A copy that has cached its {@code ZoneId}. A zone without a cached one asks the JVM's default zone for it if both
     * have the same ID, and the dispatcher would ask the zone again.
     */
    static TimeZone copy(TimeZone zone) {
        var copy = (TimeZone) zone.clone();
        var _ = copy.toZoneId();
        return copy;
    }

    /** The JVM's default itself, which may be a dispatcher. */
    static TimeZone ofJvm() {
        HANDLING.lock();
        try {
            return TimeZone.getDefault();
        } finally {
            HANDLING.unlock();
        }
    }

    /** Sets the JVM's default. */
    static void makeDefault(@Nullable TimeZone zone) {
        HANDLING.lock();
        try {
            TimeZone.setDefault(zone);
        } finally {
            HANDLING.unlock();
        }
    }

    /** The zone of the worker that the current thread belongs to, or of the embedding program. */
    private TimeZone current() {
        TimeZones current = CurrentWorker.redirect(TimeZones.class);
        TimeZone own = current == null ? null : current.zone.or(null);
        return own == null ? before : own;
    }

    @Override
    public Object clone() {
        return HANDLING.isHeldByCurrentThread() ? this : current().clone();
    }

    /** Serialises the current zone, so that a serialised calendar can be read anywhere. */
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
