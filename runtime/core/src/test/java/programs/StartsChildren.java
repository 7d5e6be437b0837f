package programs;

import java.io.IOException;
import java.util.List;

/** Starts children in each way, and prints what they know of the environment. */
public final class StartsChildren {
    private static final String[] SHOW = {"sh", "-c", "echo $GREETING by $CORRAL_ID"};

    private StartsChildren() {}

    private static void see(String how, Process child) throws IOException, InterruptedException {
        String line = new String(child.getInputStream().readAllBytes()).strip();
        child.waitFor();
        System.out.println(how + ": " + line);
    }

    public static void main(String[] args) throws Exception {
        see("start", new ProcessBuilder(SHOW).start());
        var builder = new ProcessBuilder(SHOW);
        System.out.println("map: " + builder.environment().get("GREETING"));
        builder.environment().put("GREETING", "changed");
        builder.environment().remove("CORRAL_ID");
        see("changed", builder.start());
        see("again", builder.start());
        see("pipeline",
                ProcessBuilder.startPipeline(List.of(new ProcessBuilder(SHOW), new ProcessBuilder("cat"))).getLast());
        see("exec", Runtime.getRuntime().exec(SHOW));
        see("exec with variables",
                Runtime.getRuntime().exec(SHOW, new String[]{"GREETING=given", "PATH=" + System.getenv("PATH")}));
        var left = new ProcessBuilder("cat").start();
        left.getOutputStream().write("x".getBytes());
        System.out.println("left: " + left.pid());
        System.exit(3);
    }
}
