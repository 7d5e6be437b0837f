package programs;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/** A JDBC driver, the least that is one. It registers itself, as drivers do; its connections tell its user. */
public final class TinyDriver implements Driver {
    static int deregistered;

    static {
        try {
            DriverManager.registerDriver(new TinyDriver(), () -> deregistered++);
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith("tiny:");
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        if (url.equals("tiny:refuse")) {
            throw new SQLException("refused");
        }
        return acceptsURL(url)
                ? (Connection) Proxy.newProxyInstance(TinyDriver.class.getClassLoader(),
                        new Class<?>[]{Connection.class},
                        (_, method, _) -> method.getName().equals("getSchema") ? "of " + info.get("user") : null)
                : null;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
