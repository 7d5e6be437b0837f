package dev.corral.redirect.locale;

import dev.corral.redirect.Documented;
import dev.corral.redirect.JvmDefault;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.WorkerDefault;
import dev.corral.redirect.environment.SystemProperties;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Objects;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** The default time zone. While a worker has its own, the JVM's is a {@linkplain JvmTimeZone dispatcher}. */
@Documented(of = "`TimeZone.setDefault`",
        becomes = "its own default, also inside the JDK: `LocalDateTime.now`, `Date.toString`, formats")
public final class TimeZones implements Redirect {
    private static final String PROPERTY = "user.timezone";
    private static final JvmDefault<TimeZone> DEFAULT =
            new JvmDefault<>(JvmTimeZone::ofJvm, JvmTimeZone::makeDefault, JvmTimeZone::new);

    private final SystemProperties properties;
    final WorkerDefault<TimeZone> zone = new WorkerDefault<>(DEFAULT);

    /** The redirect of the worker with these properties, which may name another zone than the JVM's. */
    public TimeZones(SystemProperties properties) {
        this.properties = properties;
    }

    /** Sets the worker's zone; null means the one that the property {@code user.timezone} names. */
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
