package programs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The effects of {@link Effects} on the drivers of databases. */
final class JdbcEffects {
    private JdbcEffects() {}

    static String jdbcDriver(boolean first) throws Exception {
        if (first) {
            Class.forName("programs.TinyDriver");
        }
        try (var connection = DriverManager.getConnection("tiny:it", "someone", "secret")) {
            try {
                DriverManager.getConnection("tiny:refuse");
            } catch (SQLException e) {
                Driver driver = DriverManager.getDriver("tiny:it");
                DriverManager.deregisterDriver(driver);
                return connection.getSchema() + ", " + e.getMessage() + ", " + TinyDriver.deregistered + ", "
                        + DriverManager.drivers().count();
            }
            return "not refused";
        } catch (SQLException e) {
            return e.getMessage() + " " + e.getSQLState() + ", " + DriverManager.drivers().count();
        }
    }

    static String jdbcSettings(boolean first) throws Exception {
        var log = new StringWriter();
        if (first) {
            DriverManager.setLoginTimeout(7);
            DriverManager.setLogWriter(new PrintWriter(log));
        }
        DriverManager.println("logged");
        DriverManager.registerDriver(new TinyDriver());
        return DriverManager.getLoginTimeout() + " " + (DriverManager.getLogWriter() != null) + " "
                + log.toString().lines().findFirst();
    }

    static String jdbcProperty(boolean first) {
        if (first) {
            System.setProperty("jdbc.drivers", "programs.Absent:programs.TinyDriver");
        }
        return DriverManager.drivers().map(driver -> driver.getClass().getSimpleName()).toList().toString();
    }

    static String h2(boolean first) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:it"); var query = connection.createStatement()) {
            if (first) {
                query.execute("create table mine(id int)");
            }
            try (var tables = query.executeQuery("select table_name from information_schema.tables "
                    + "where table_schema = 'PUBLIC'")) {
                return DriverManager.getDriver("jdbc:h2:mem:it").getClass().getName() + " "
                        + (tables.next() ? tables.getString(1) : "nothing");
            }
        }
    }
}
