package programs;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;

/** Servers on Vert.x, one on each event loop, that share a port among themselves; its argument is the port. */
public final class VertxProgram {
    private static final int EVENT_LOOPS = 2;

    private VertxProgram() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> vertx.close().await()));
        vertx.deployVerticle(() -> new Hello(port), new DeploymentOptions().setInstances(EVENT_LOOPS))
                .await(30, TimeUnit.SECONDS);
    }

    private static final class Hello extends VerticleBase {
        private static final Buffer BODY = Buffer.buffer("hello from worker " + System.getenv("CORRAL_ID") + "\n");

        private final int port;

        Hello(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer().requestHandler(request -> request.response().end(BODY)).listen(port);
        }
    }
}
