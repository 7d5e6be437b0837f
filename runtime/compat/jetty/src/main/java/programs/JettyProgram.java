package programs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** A server on Jetty; its argument is the port. */
public final class JettyProgram {
    private JettyProgram() {}

    public static void main(String[] args) throws Exception {
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8);
        var server = new Server(Integer.parseInt(args[0]));
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.wrap(body), callback);
                return true;
            }
        });
        server.setStopAtShutdown(true);
        server.start();
        server.join();
    }
}
