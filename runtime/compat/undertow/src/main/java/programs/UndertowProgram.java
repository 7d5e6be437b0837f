package programs;

import io.undertow.Undertow;

/** A server on Undertow; its argument is the port. */
public final class UndertowProgram {
    private UndertowProgram() {}

    public static void main(String[] args) {
        String body = "hello from worker " + System.getenv("CORRAL_ID") + "\n";
        Undertow server = Undertow.builder().addHttpListener(Integer.parseInt(args[0]), "0.0.0.0").setIoThreads(2)
                .setHandler(exchange -> exchange.getResponseSender().send(body)).build();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    }
}
