package programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Authenticator;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URI;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Defaults that a JVM has once. The first argument names one, the second is the port of a server that answers as the
 * test has it. The worker of slot 0 sets it and prints what it sees then, the others only print what they see, as the
 * test does itself.
 */
public final class Defaults {
    private static final Locale TURKISH = Locale.of("tr", "TR");

    private Defaults() {}

    public static void main(String[] args) throws Exception {
        boolean first = "0".equals(System.getenv("CORRAL_SLOT"));
        System.out.println("sees " + see(args[0], Integer.parseInt(args[1]), first));
        new CountDownLatch(1).await();
    }

    /** What there is to be seen, after it has been set if so wanted. */
    public static String see(String what, int port, boolean set) throws Exception {
        return switch (what) {
            case "input" -> input(set);
            case "authenticator" -> authenticator(port, set);
            case "proxy-selector" -> proxySelector(port, set);
            case "cookie-handler" -> cookieHandler(port, set);
            case "response-cache" -> responseCache(port, set);
            case "follow-redirects" -> followRedirects(port, set);
            case "tls-context" -> tlsContext(set);
            case "https" -> https(set);
            case "time-zone" -> timeZone(set);
            case "time-zone-property" -> timeZoneProperty(set);
            case "locale" -> locale(set);
            case "locale-category" -> localeCategory(set);
            case "locale-bundle" -> localeBundle(set);
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static String input(boolean set) throws IOException {
        if (set) {
            System.setIn(new ByteArrayInputStream("a line\n".getBytes(StandardCharsets.UTF_8)));
        }
        return IO.readln() + ", " + System.in.read() + ", " + System.console();
    }

    private static HttpURLConnection open(int port, String path) throws IOException {
        return (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    }

    private static String bodyOf(URLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String authenticator(int port, boolean set) throws IOException {
        if (set) {
            Authenticator.setDefault(new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication(getRequestingPrompt(), new char[0]);
                }
            });
        }
        PasswordAuthentication inside =
                Authenticator.requestPasswordAuthentication("host", null, port, "http", "inside", "basic");
        return open(port, "/secret").getResponseCode() + " " + (inside == null ? null : inside.getUserName());
    }

    private static String proxySelector(int port, boolean set) throws InterruptedException {
        if (set) {
            ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress("127.0.0.1", port)));
        }
        String url = "http://127.0.0.1:1/";
        String body;
        try {
            body = bodyOf(open(1, "/"));
        } catch (IOException e) {
            body = "failed";
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url)).build();
            return body + " " + client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return body + " failed";
        }
    }

    private static String cookieHandler(int port, boolean set) throws IOException {
        if (set) {
            CookieHandler.setDefault(new CookieManager());
        }
        return bodyOf(open(port, "/cookie")) + " " + bodyOf(open(port, "/cookie")) + " "
                + (CookieHandler.getDefault() instanceof CookieManager);
    }

    private static String responseCache(int port, boolean set) throws IOException {
        if (set) {
            ResponseCache.setDefault(new Known());
        }
        return bodyOf(open(port, "/"));
    }

    /** Knows the answer to everything. */
    private static final class Known extends ResponseCache {
        @Override
        public CacheResponse get(URI uri, String method, Map<String, List<String>> headers) {
            return new CacheResponse() {
                @Override
                public Map<String, List<String>> getHeaders() {
                    return Map.of("Content-Type", List.of("text/plain"));
                }

                @Override
                public InputStream getBody() {
                    return new ByteArrayInputStream("known".getBytes(StandardCharsets.UTF_8));
                }
            };
        }

        @Override
        public CacheRequest put(URI uri, URLConnection connection) {
            return null;
        }
    }

    private static String followRedirects(int port, boolean set) throws IOException {
        if (set) {
            HttpsURLConnection.setFollowRedirects(false);
        }
        return open(port, "/moved").getResponseCode() + " " + HttpURLConnection.getFollowRedirects();
    }

    private static String tlsContext(boolean set) throws Exception {
        SSLContext own = SSLContext.getInstance("TLSv1.2");
        own.init(null, null, null);
        if (set) {
            SSLContext.setDefault(own);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return (SSLContext.getDefault() == own) + " " + (client.sslContext() == own) + " "
                    + newest((SSLSocketFactory) SSLSocketFactory.getDefault()) + " "
                    + newest(openHttps().getSSLSocketFactory());
        }
    }

    private static HttpsURLConnection openHttps() throws IOException {
        return (HttpsURLConnection) URI.create("https://127.0.0.1/").toURL().openConnection();
    }

    private static String newest(SSLSocketFactory sockets) {
        return List.of(sockets.getDefaultCipherSuites()).contains("TLS_AES_128_GCM_SHA256") ? "1.3" : "1.2";
    }

    private static String https(boolean set) throws Exception {
        HostnameVerifier verifier = (_, _) -> false;
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLSocketFactory sockets = context.getSocketFactory();
        if (set) {
            HttpsURLConnection.setDefaultHostnameVerifier(verifier);
            HttpsURLConnection.setDefaultSSLSocketFactory(sockets);
        }
        return (openHttps().getHostnameVerifier() == verifier) + " "
                + (HttpsURLConnection.getDefaultHostnameVerifier() == verifier) + " "
                + (openHttps().getSSLSocketFactory() == sockets) + " "
                + (HttpsURLConnection.getDefaultSSLSocketFactory() == sockets);
    }

    private static String timeZone(boolean set) {
        if (set) {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
        }
        return String.join(" ", TimeZone.getDefault().getID(), ZoneId.systemDefault().getId(),
                Clock.systemDefaultZone().getZone().getId(), new GregorianCalendar().getTimeZone().getID(),
                new SimpleDateFormat("HH:mm", Locale.ROOT).format(new Date(0)), hourOf(new Date(0)),
                TimeZone.getTimeZone("Asia/Kathmandu").toZoneId().getId());
    }

    private static String timeZoneProperty(boolean set) {
        var date = new Date(0);
        var seen = new ArrayList<>(List.of(hourOf(date))); // the JDK keeps it with the date
        if (set) {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            seen.set(0, hourOf(date));
            System.setProperty("user.timezone", "Asia/Kathmandu");
            TimeZone.setDefault(null);
        }
        seen.add(hourOf(date));
        return seen + " " + TimeZone.getDefault().getID();
    }

    private static String hourOf(Date date) {
        return date.toString().substring(11, 16);
    }

    private static String locale(boolean set) {
        if (set) {
            Locale.setDefault(TURKISH);
        }
        UnaryOperator<String> lower = String::toLowerCase;
        var printed = new ByteArrayOutputStream();
        new PrintStream(printed, true, StandardCharsets.UTF_8).printf("%.1f", 3.5);
        return String.join(" ", Locale.getDefault().toString(), String.format("%.1f", 1.5), "%.1f".formatted(2.5),
                printed.toString(StandardCharsets.UTF_8), MessageFormat.format("{0}", 4.5), lower.apply("I"),
                "i".toUpperCase(), NumberFormat.getInstance().format(5.5), DecimalFormat.getPercentInstance().format(6),
                DateTimeFormatter.ofPattern("MMMM").format(LocalDate.EPOCH),
                DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).format(LocalDate.EPOCH),
                Locale.GERMANY.getDisplayLanguage());
    }

    private static String localeCategory(boolean set) {
        if (set) {
            Locale.setDefault(Locale.ENGLISH);
            Locale.setDefault(Locale.Category.FORMAT, TURKISH);
        }
        return String.join(" ", String.format("%.1f", 1.5), "I".toLowerCase(),
                Locale.GERMANY.getDisplayLanguage(), Locale.getDefault(Locale.Category.FORMAT).getLanguage());
    }

    private static String localeBundle(boolean set) {
        if (set) {
            Locale.setDefault(TURKISH);
        }
        ResourceBundle bundle = ResourceBundle.getBundle("programs.Defaults$Words");
        return bundle.getString("word") + " " + (bundle.getClass().getClassLoader() == Defaults.class.getClassLoader());
    }

    /** In no language. */
    public static class Words extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            return new Object[][]{{"word", "word"}};
        }
    }

    /** In Turkish. */
    public static final class Words_tr extends Words { // named by the JDK's rule
        @Override
        protected Object[][] getContents() {
            return new Object[][]{{"word", "kelime"}};
        }
    }
}
