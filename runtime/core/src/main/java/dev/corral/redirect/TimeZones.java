package dev.corral.redirect;

import java.time.Clock;
import java.time.ZoneId;
import java.util.Objects;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** The default time zone. */
@Documented(of = "`TimeZone.setDefault`",
        becomes = "its own, also inside the JDK: `LocalDateTime.now`, `Date.toString`, formats")
public final class TimeZones implements Redirect {
    private static final String PROPERTY = "user.timezone";
    private static final JvmDefault<TimeZone> DEFAULT =
            new JvmDefault<>(JvmTimeZone::ofJvm, JvmTimeZone::makeDefault, JvmTimeZone::new);

    private final SystemProperties properties;
    final WorkerDefault<TimeZone> zone = new WorkerDefault<>(DEFAULT);

    /** Of the worker that has these properties; they may name another zone than the JVM's. */
    TimeZones(SystemProperties properties) {
        this.properties = properties;
    }

    /** Null stands for what the property {@code user.timezone} names. */
    @Replaces(type = TimeZone.class, method = "setDefault", through = SimpleTimeZone.class)
    void setDefault(@Nullable TimeZone own) {
        String id = properties.getProperty(PROPERTY);
        if (own != null) {
            zone.set(JvmTimeZone.copy(own));
        } else if (id == null || id.isEmpty() || id.equals(System.getProperty(PROPERTY))) {
            zone.unset();
        } else {
            zone.set(JvmTimeZone.copy(TimeZone.getTimeZone(id)));
        }
    }

    @Replaces(type = TimeZone.class, method = "getDefault", through = SimpleTimeZone.class)
    TimeZone getDefault() {
        return (TimeZone) Objects.requireNonNull(zone.get()).clone();
    }

    @Replaces(type = ZoneId.class, method = "systemDefault")
    ZoneId systemDefault() {
        return getDefault().toZoneId();
    }

    @Replaces(type = Clock.class, method = "systemDefaultZone")
    Clock systemDefaultZone() {
        return Clock.system(systemDefault());
    }

    @Override
    public void close() {
        zone.close();
    }
}
