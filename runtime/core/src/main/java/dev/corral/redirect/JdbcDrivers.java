package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverAction;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link DriverManager}: the drivers that the worker's code registers, and those that its loader and the property
 * {@code jdbc.drivers} name, with the JDK's messages. Those are looked for when the worker first asks for a driver.
 *
 * <p>What the constructor of {@link SQLException} logs goes to the JVM's writer, not to that of the worker.
 *
 * <p>At the end drivers are forgotten, and their {@link DriverAction} is not called, as in a JVM that ends.
 */
@Documented(of = "`DriverManager`", becomes = "its own drivers, login timeout and log writer")
public final class JdbcDrivers implements Redirect {
    private static final String NO_DRIVER = "08001";

    private final ClassLoader loader;
    private final SystemProperties properties;
    private final List<Registration> registered = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock for writing. */
    private volatile boolean lookedUp;
    private volatile int loginTimeout;
    private volatile @Nullable PrintWriter logWriter;
    private volatile @Nullable PrintStream logStream;

    private record Registration(Driver driver, @Nullable DriverAction action) {
        String name() {
            return driver.getClass().getName();
        }
    }

    /** Of the worker with this loader. */
    JdbcDrivers(ClassLoader loader, SystemProperties properties) {
        this.loader = loader;
        this.properties = properties;
    }

    @Replaces(type = DriverManager.class, method = "registerDriver")
    void registerDriver(Driver driver) {
        registerDriver(driver, null);
    }

    @Replaces(type = DriverManager.class, method = "registerDriver")
    void registerDriver(Driver driver, @Nullable DriverAction action) {
        requireNonNull(driver);
        lock.lock();
        try {
            if (registrationOf(driver) == null) {
                registered.add(new Registration(driver, action));
            }
        } finally {
            lock.unlock();
        }
        println("registerDriver: " + driver);
    }

    private @Nullable Registration registrationOf(Driver driver) {
        return registered.stream().filter(each -> each.driver == driver).findFirst().orElse(null);
    }

    @Replaces(type = DriverManager.class, method = "deregisterDriver")
    void deregisterDriver(@Nullable Driver driver) {
        if (driver == null) {
            return;
        }
        println("DriverManager.deregisterDriver: " + driver);
        lock.lock();
        try {
            Registration registration = registrationOf(driver);
            if (registration == null) {
                println("    couldn't find driver to unload");
                return;
            }
            if (registration.action != null) {
                registration.action.deregister();
            }
            registered.remove(registration);
        } finally {
            lock.unlock();
        }
    }

    @Replaces(type = DriverManager.class, method = "getDriver")
    Driver getDriver(@Nullable String url) throws SQLException {
        println("DriverManager.getDriver(\"" + url + "\")");
        lookUp();
        for (Registration each : registered) {
            try {
                if (each.driver.acceptsURL(url)) {
                    println("getDriver returning " + each.name());
                    return each.driver;
                }
            } catch (SQLException _) {
                // another one may accept it
            }
        }
        println("getDriver: no suitable driver");
        throw new SQLException("No suitable driver", NO_DRIVER);
    }

    @Replaces(type = DriverManager.class, method = "getDrivers")
    Enumeration<Driver> getDrivers() {
        return Collections.enumeration(drivers().toList());
    }

    @Replaces(type = DriverManager.class, method = "drivers")
    Stream<Driver> drivers() {
        lookUp();
        return registered.stream().map(Registration::driver);
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url) throws SQLException {
        return getConnection(url, new Properties());
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url, @Nullable String user, @Nullable String password)
            throws SQLException {
        var info = new Properties();
        if (user != null) {
            info.put("user", user);
        }
        if (password != null) {
            info.put("password", password);
        }
        return getConnection(url, info);
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url, Properties info) throws SQLException {
        if (url == null) {
            throw new SQLException("The url cannot be null", NO_DRIVER);
        }
        println("DriverManager.getConnection(\"" + url + "\")");
        lookUp();
        SQLException first = null;
        for (Registration each : registered) {
            try {
                println("    trying " + each.name());
                Connection connection = each.driver.connect(url, info);
                if (connection != null) {
                    println("getConnection returning " + each.name());
                    return connection;
                }
            } catch (SQLException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            println("getConnection failed: " + first);
            throw first;
        }
        println("getConnection: no suitable driver found for " + url);
        throw new SQLException("No suitable driver found for " + url, NO_DRIVER);
    }

    /** Finds and initialises drivers, which register themselves; once. A driver that asks meanwhile goes on with what is there. */
    private void lookUp() {
        if (lookedUp || lock.isHeldByCurrentThread()) {
            return;
        }
        lock.lock();
        try {
            if (!lookedUp) {
                loadServices();
                loadNamed(properties.getProperty("jdbc.drivers"));
                lookedUp = true;
                println("JDBC DriverManager initialized");
            }
        } finally {
            lock.unlock();
        }
    }

    private void loadServices() {
        try {
            Iterator<Driver> drivers = ServiceLoader.load(Driver.class, loader).iterator();
            while (drivers.hasNext()) {
                Driver driver = drivers.next();
                if (driver.getClass().getClassLoader() != loader) { // may have been initialised by another worker
                    registerIfAbsent(driver);
                }
            }
        } catch (Throwable _) {
            // as the JDK does: what follows is not looked for
        }
    }

    private void registerIfAbsent(Driver driver) {
        if (registered.stream().noneMatch(each -> each.driver.getClass() == driver.getClass())) {
            registerDriver(driver);
        }
    }

    private void loadNamed(@Nullable String drivers) {
        println("DriverManager.initialize: jdbc.drivers = " + drivers);
        if (drivers == null || drivers.isEmpty()) {
            return;
        }
        for (String name : drivers.split(":", -1)) {
            try {
                println("DriverManager.Initialize: loading " + name);
                Class.forName(name, true, loader);
            } catch (Exception e) {
                println("DriverManager.Initialize: load failed: " + e);
            }
        }
    }

    @Replaces(type = DriverManager.class, method = "setLoginTimeout")
    void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Replaces(type = DriverManager.class, method = "getLoginTimeout")
    int getLoginTimeout() {
        return loginTimeout;
    }

    @Replaces(type = DriverManager.class, method = "setLogWriter")
    void setLogWriter(@Nullable PrintWriter writer) {
        logStream = null;
        logWriter = writer;
    }

    @Replaces(type = DriverManager.class, method = "getLogWriter")
    @Nullable
    PrintWriter getLogWriter() {
        return logWriter;
    }

    @Replaces(type = DriverManager.class, method = "setLogStream")
    void setLogStream(@Nullable PrintStream stream) {
        logStream = stream;
        logWriter = stream == null ? null : new PrintWriter(stream, false, stream.charset());
    }

    @Replaces(type = DriverManager.class, method = "getLogStream")
    @Nullable
    PrintStream getLogStream() {
        return logStream;
    }

    @Replaces(type = DriverManager.class, method = "println")
    void println(@Nullable String message) {
        PrintWriter writer = logWriter;
        if (writer != null) {
            writer.println(message);
            writer.flush();
        }
    }

    @Override
    public void close() {
        registered.clear();
        setLogWriter(null);
    }
}
