package programs;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A server on Quarkus; its argument is the port. */
@QuarkusMain
public final class QuarkusProgram {
    private QuarkusProgram() {}

    public static void main(String[] args) {
        System.setProperty("quarkus.http.port", args[0]);
        Quarkus.run(args);
    }

    /** Says hello. */
    @Path("/")
    public static class Hello {
        @GET
        public String hello() {
            return "hello from worker " + System.getenv("CORRAL_ID") + "\n";
        }
    }
}
