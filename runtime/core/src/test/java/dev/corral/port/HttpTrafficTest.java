package dev.corral.port;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTrafficTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final HttpTraffic traffic = new HttpTraffic();

    private void read(String text) {
        var buffer = ByteBuffer.allocate(text.length() + 7).position(7);
        buffer.put(text.getBytes(ISO_8859_1));
        traffic.read(buffer, text.length());
    }

    private void write(String text) {
        traffic.writing(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
        traffic.wrote(text.length());
    }

    private boolean isIdleAfter(String request, String... written) {
        read(request);
        for (String each : written) {
            write(each);
        }
        return traffic.isIdle();
    }

    @Test
    void shouldBeIdleBeforeAnythingCame() {
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldBeIdleBetweenExchangesOnly() {
        for (int i = 0; i < 3; i++) {
            read(GET);
            assertFalse(traffic.isIdle());
            write(OK);
            assertTrue(traffic.isIdle());
        }
    }

    @Test
    void shouldNotBeIdleWhileARequestIsIncomplete() {
        read("GET / HTTP/1.1\r\nHo");
        assertFalse(traffic.isIdle());
        read("st: here\r\n\r\n");
        assertFalse(traffic.isIdle());
        write(OK);
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldNotBeIdleWhileABodyIsUnderWay() {
        read("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
        write(OK); // before it has read all of it
        assertFalse(traffic.isIdle());
        read("67890");
        assertFalse(traffic.isIdle());
    }

    @Test
    void shouldSeeTheEndOfALongBody() {
        read("POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n");
        read("x".repeat(60_000));
        read("x".repeat(40_000));
        write("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + "y".repeat(100_000));
        assertFalse(traffic.isIdle());
        write("y".repeat(100_000));
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldSeeTheEndOfChunks() {
        read("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        read("3\r\nabc\r\n0\r\n\r\n");
        write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertFalse(traffic.isIdle());
        write("5\r\nhello\r\n");
        assertFalse(traffic.isIdle());
        write("0\r\n");
        assertFalse(traffic.isIdle());
        write("\r\n");
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldCountWhatWasWrittenOfWhatWasToBe() {
        read(GET);
        ByteBuffer answer = ByteBuffer.wrap(OK.getBytes(ISO_8859_1));
        var random = new Random(1);
        while (answer.hasRemaining()) {
            assertFalse(traffic.isIdle());
            int written = Math.min(answer.remaining(), random.nextInt(5));
            traffic.writing(answer);
            traffic.wrote(written);
            answer.position(answer.position() + written);
        }
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldKnowAnswersWithoutABody() {
        assertTrue(isIdleAfter("HEAD / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
        assertTrue(isIdleAfter(GET, "HTTP/1.1 204 No Content\r\n\r\n"));
        assertTrue(isIdleAfter(GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"));
    }

    @Test
    void shouldPassOverInterimAnswers() {
        read("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        write("HTTP/1.1 100 Continue\r\n\r\n");
        assertFalse(traffic.isIdle());
        read("abc");
        assertFalse(traffic.isIdle());
        write("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
        assertFalse(traffic.isIdle());
        write(OK);
        assertTrue(traffic.isIdle());
    }

    @Test
    void shouldNotBeIdleWhileAPipelinedRequestIsUnderWay() {
        read(GET + GET);
        write(OK);
        assertFalse(traffic.isIdle());
        write(OK);
        assertFalse(traffic.isIdle()); // it does not count them
        assertTrue(isIdleAfter(GET, OK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: TE, Close\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\n\n"})
    void shouldNotTakeForIdleWhatEndsOrIsUnusual(String request) {
        assertFalse(isIdleAfter(request, OK));
        assertFalse(traffic.isOpaque());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "answer"})
    void shouldNotTakeForAnsweredWhatMayGoOn(String response) {
        assertFalse(isIdleAfter(GET, response));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001",
            "ping\n"})
    void shouldNeverAgainTrustWhatIsNoHttp(String bytes) {
        assertFalse(isIdleAfter(bytes, OK));
        assertFalse(isIdleAfter(GET, OK));
        assertTrue(traffic.isOpaque());
    }

    @Test
    void shouldNeverAgainTrustAConnectionThatHasBecomeSomethingElse() {
        assertFalse(isIdleAfter("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n"));
        assertFalse(isIdleAfter(GET, OK));
    }

    /** As Java's HttpClient asks with each request. */
    @Test
    void shouldBeIdleAfterAnUpgradeThatTheServerDidNotAccept() {
        String request = "GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n\r\n";
        for (int i = 0; i < 3; i++) {
            assertTrue(isIdleAfter(request, OK));
        }
        assertFalse(isIdleAfter(request, "HTTP/1.1 101 Switching Protocols\r\n\r\n"));
        assertFalse(isIdleAfter(GET, OK));
    }

    @Test
    void shouldNeverAgainTrustATunnel() {
        read("CONNECT there:80 HTTP/1.1\r\n\r\n");
        write("HTTP/1.1 200 OK\r\n\r\n");
        assertFalse(isIdleAfter(GET, OK));
    }

    @Test
    void shouldNotTrustAServerThatSpeaksFirst() {
        write("220 ready\r\n");
        assertFalse(isIdleAfter(GET, OK));
    }

    @Test
    void shouldNotTakeAHeadForAHeadThatIsTooLong() {
        assertFalse(isIdleAfter("GET / HTTP/1.1\r\nCookie: " + "x".repeat(9000) + "\r\n\r\n", OK));
        assertTrue(isIdleAfter("GET / HTTP/1.1\r\nCookie: " + "x".repeat(7000) + "\r\n\r\n", OK));
    }

    @Test
    void shouldTellHeads() {
        HttpHead head = HttpHead.parse(OK.getBytes(ISO_8859_1), 0, OK.length());
        assertEquals(new HttpHead("HTTP/1.1 200 OK", OK.length() - 5, 5, true, false, false), head);
        assertEquals(200, head.status());
    }
}
