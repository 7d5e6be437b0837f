package programs;

import com.github.luben.zstd.Zstd;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;

/** A server that keeps its words compressed by Zstandard in an SQLite database in memory; its argument is the port. */
public final class NativesProgram {
    /** All connections of a process to this name share one database, which lives as long as one of them. */
    private static final String DATABASE = "jdbc:sqlite:file:greetings?mode=memory&cache=shared";

    private NativesProgram() {}

    public static void main(String[] args) throws IOException, SQLException {
        Connection first = DriverManager.getConnection(DATABASE);
        fill(first, "hello from worker " + System.getenv("CORRAL_ID") + "\n");
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", NativesProgram::answer);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(first)));
    }

    private static void fill(Connection database, String words) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("create table greeting (words blob, length integer)");
        }
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        try (PreparedStatement statement = database.prepareStatement("insert into greeting values (?, ?)")) {
            statement.setBytes(1, Zstd.compress(bytes));
            statement.setInt(2, bytes.length);
            statement.executeUpdate();
        }
    }

    private static void close(Connection database) {
        try {
            database.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                Connection database = DriverManager.getConnection(DATABASE);
                Statement statement = database.createStatement();
                ResultSet greeting = statement.executeQuery("select words, length from greeting")) {
            greeting.next();
            byte[] body = Zstd.decompress(greeting.getBytes(1), greeting.getInt(2));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
