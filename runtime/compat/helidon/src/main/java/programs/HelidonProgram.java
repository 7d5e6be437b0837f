package programs;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

/** A server on Helidon; its argument is the port. */
public final class HelidonProgram {
    private HelidonProgram() {}

    public static void main(String[] args) {
        String body = "hello from worker " + System.getenv("CORRAL_ID") + "\n";
        WebServer.builder().port(Integer.parseInt(args[0]))
                .routing(HttpRouting.builder().get("/", (_, response) -> response.send(body))).build().start();
    }
}
