package dev.corral.samples;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.time.Duration;
import java.util.Locale;

/**
 * Workers that talk to each other, by way of the master, which passes on what one says to all. Each line of standard input is given to one
 * of them to say. {@code reload} replaces all of them by the second edition of the program, and {@code back} by the first one; meanwhile both
 * editions are there, and understand each other, since both know the record {@link Say}.
 */
public final class Chat {
    private static final int WORKERS = 3;

    private Chat() {}

    /** Something that was said. */
    public record Say(String who, String text) {}

    /** Says things as they are. */
    public static final class FirstEdition implements WorkerMain {
        @Override
        public void run(WorkerContext me) {
            chat(me, "first edition", text -> text);
        }
    }

    /** Says things aloud. */
    public static final class SecondEdition implements WorkerMain {
        @Override
        public void run(WorkerContext me) {
            chat(me, "second edition", text -> text.toUpperCase(Locale.ROOT));
        }
    }

    private interface Voice {
        String of(String text);
    }

    private static void chat(WorkerContext me, String edition, Voice voice) {
        String name = "worker " + me.id() + ", " + edition;
        me.onMessage(message -> {
            switch (message.body()) {
                case Say(String who, String text) -> System.out.println(who + ": " + text);
                case String text -> me.send(0, new Say(name, voice.of(text)));
                default -> throw new IllegalArgumentException("nobody says " + message.body());
            }
        });
        me.ready();
    }

    public static void main(String[] args) throws InterruptedException {
        try (Cluster cluster = Cluster.open(Program.worker(FirstEdition.class), config -> config.withName("chat")
                .withWorkers(WORKERS))) {
            cluster.onMessage(message -> cluster.broadcast(message.body()));
            cluster.awaitReady(WORKERS, Duration.ofSeconds(30));
            for (String line = IO.readln(); line != null; line = IO.readln()) {
                switch (line) {
                    case "reload" -> System.out.println(cluster.reload(Program.worker(SecondEdition.class)).join());
                    case "back" -> System.out.println(cluster.reload(Program.worker(FirstEdition.class)).join());
                    default -> cluster.send(line);
                }
            }
        }
    }
}
