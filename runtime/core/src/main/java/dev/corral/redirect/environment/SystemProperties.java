package dev.corral.redirect.environment;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * System properties: a copy of the JVM's, created when the worker first asks for one, which the worker may change. The
 * JDK itself reads the JVM's properties.
 */
@Documented(of = "system properties, `Boolean.getBoolean` and the like",
        becomes = "its own, over those of the JVM. The JDK itself reads the JVM's. `io.netty.transport.noNative`, with any prefix that a "
                + "relocated Netty gives it, is `true` unless the program sets it")
public final class SystemProperties implements Redirect {
    /**
     * The property that makes Netty, also a relocated one, use the JDK's transport instead of its native ones (epoll,
     * io_uring, kqueue). Native transports listen in native code, which the shared ports do not see.
     */
    private static final String NO_NATIVE_TRANSPORT = "io.netty.transport.noNative";

    private final Map<String, String> own;
    private final ReentrantLock making = new ReentrantLock();
    /** Created under the lock; may be replaced by any thread of the worker. */
    private volatile @Nullable Properties properties;

    /** The properties of the JVM, with these in addition. */
    public SystemProperties(Map<String, String> own) {
        this.own = Map.copyOf(own);
    }

    @Replaces(type = System.class, method = "getProperties")
    Properties getProperties() {
        Properties made = properties;
        if (made != null) {
            return made;
        }
        making.lock();
        try {
            made = properties;
            if (made == null) {
                made = initial();
                properties = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    private Properties initial() {
        var initial = new Properties();
        initial.putAll(System.getProperties());
        initial.putAll(own);
        return initial;
    }

    @Replaces(type = System.class, method = "setProperties")
    void setProperties(@Nullable Properties replacement) {
        properties = replacement == null ? initial() : replacement;
    }

    /** The worker's value of this property. */
    @Replaces(type = System.class, method = "getProperty")
    public @Nullable String getProperty(String key) {
        String value = getProperties().getProperty(checked(key));
        return value == null && key.endsWith(NO_NATIVE_TRANSPORT) ? "true" : value;
    }

    @Replaces(type = System.class, method = "getProperty")
    @Nullable
    String getProperty(String key, @Nullable String otherwise) {
        String value = getProperty(key);
        return value == null ? otherwise : value;
    }

    @Replaces(type = System.class, method = "setProperty")
    @Nullable
    String setProperty(String key, String value) {
        return (String) getProperties().setProperty(checked(key), value);
    }

    @Replaces(type = System.class, method = "clearProperty")
    @Nullable
    String clearProperty(String key) {
        return (String) getProperties().remove(checked(key));
    }

    @Replaces(type = Boolean.class, method = "getBoolean")
    boolean getBoolean(@Nullable String key) {
        String value = orNull(key);
        return value != null && Boolean.parseBoolean(value);
    }

    /** The worker's value of this property as a number; null if it has none that is a number. */
    @Replaces(type = Integer.class, method = "getInteger")
    public @Nullable Integer getInteger(@Nullable String key) {
        return getInteger(key, null);
    }

    @Replaces(type = Integer.class, method = "getInteger")
    @Nullable
    Integer getInteger(@Nullable String key, int otherwise) {
        return getInteger(key, Integer.valueOf(otherwise));
    }

    @Replaces(type = Integer.class, method = "getInteger")
    @Nullable
    Integer getInteger(@Nullable String key, @Nullable Integer otherwise) {
        String value = orNull(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.decode(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    @Replaces(type = Long.class, method = "getLong")
    @Nullable
    Long getLong(@Nullable String key) {
        return getLong(key, null);
    }

    @Replaces(type = Long.class, method = "getLong")
    @Nullable
    Long getLong(@Nullable String key, long otherwise) {
        return getLong(key, Long.valueOf(otherwise));
    }

    @Replaces(type = Long.class, method = "getLong")
    @Nullable
    Long getLong(@Nullable String key, @Nullable Long otherwise) {
        String value = orNull(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.decode(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Reads a property as the wrapper classes do: without a key there is no value. */
    private @Nullable String orNull(@Nullable String key) {
        return key == null || key.isEmpty() ? null : getProperty(key);
    }

    /** Checks a key as {@link System} does. */
    private static String checked(@Nullable String key) {
        if (key == null) {
            throw new NullPointerException("key can't be null");
        }
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key can't be empty");
        }
        return key;
    }
}
