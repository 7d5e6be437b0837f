package dev.corral.samples;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.time.Duration;
import java.util.Locale;

/**
 * Workers that send messages to each other through the master, which passes each message on to all of them. Each line
 * of standard input is sent to one worker, which says it to the others. The line {@code reload} replaces all workers by
 * the second edition of the program, and {@code back} by the first one. During the reload both editions run. They
 * understand each other, because both have the record {@link Say}.
 */
public final class Chat {
    private static final int WORKERS = 3;

    private Chat() {}

    /** Something that was said. */
    public record Say(String who, String text) {}

    /** Says each text unchanged. */
    public static final class FirstEdition implements WorkerMain {
        @Override
        public void run(WorkerContext me) {
            chat(me, "first edition", text -> text);
        }
    }

    /** Says each text in upper case. */
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
