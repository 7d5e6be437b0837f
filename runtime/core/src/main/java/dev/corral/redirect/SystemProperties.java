package dev.corral.redirect;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The system properties: a copy of the JVM's, made when the worker first asks, that the worker may change as it likes. What
 * the JDK itself reads, it reads from the JVM's.
 */
@Documented(of = "system properties, `Boolean.getBoolean` and the like",
        becomes = "its own, over those of the JVM. What the JDK itself reads, it reads from the JVM's. `io.netty.transport.noNative`, under whatever prefix a relocated Netty has it, is `true` if nobody sets it")
public final class SystemProperties implements Redirect {
    /**
     * By which Netty, also one that a library has relocated, is told to do without transports of its own (epoll, io_uring,
     * kqueue): they would listen in native code, past the shared ports. It then takes the JDK's.
     */
    private static final String NO_NATIVE_TRANSPORT = "io.netty.transport.noNative";

    private final Map<String, String> own;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Properties properties;

    /** With these over those of the JVM. */
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

    @Replaces(type = System.class, method = "getProperty")
    @Nullable
    String getProperty(String key) {
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

    @Replaces(type = Integer.class, method = "getInteger")
    @Nullable
    Integer getInteger(@Nullable String key) {
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

    /** As the wrapper classes read a property: no key, no value. */
    private @Nullable String orNull(@Nullable String key) {
        return key == null || key.isEmpty() ? null : getProperty(key);
    }

    /** As {@link System} checks it. */
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
