package programs;

import dev.corral.Message;
import dev.corral.Subscription;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import programs.common.Token;

/** Sends and receives; what it does is said by each message. */
public final class Mail implements WorkerMain {
    private WorkerContext me;
    private Subscription handler;
    private int sequence;

    /** An order, of the program's own types. */
    public record Order(String item, List<Line> lines, Kind kind) {}

    /** A part of it. */
    public record Line(int count, long cents) {
        /** Refuses what makes no sense. */
        public Line {
            if (count < 0) {
                throw new IllegalArgumentException("count is " + count);
            }
        }
    }

    /** What it is. */
    public enum Kind {
        /** One. */
        SMALL,
        /** The other. */
        LARGE
    }

    @Override
    public void run(WorkerContext context) throws Exception {
        me = context;
        String mode = me.env().getOrDefault("DO", "serve");
        if (mode.equals("throwing-default-handler")) {
            Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> {
                throw new IllegalStateException("as well", thrown);
            });
        }
        handler = me.onMessage(this::handle);
        if (mode.equals("twice")) {
            me.onMessage(_ -> {});
        }
        if (!mode.equals("serve-unsaid")) {
            me.ready();
        }
    }

    private void handle(Message message) throws Exception {
        switch (message.body()) {
            case Order order -> reply(message, new Order(order.item() + "!", order.lines().reversed(), Kind.LARGE));
            case Integer number -> {
                if (number != sequence++) {
                    throw new IllegalStateException("out of order: " + number + " after " + (sequence - 2));
                }
            }
            case Token token -> reply(message, token);
            case List<?> list -> reply(message, list);
            case byte[] bytes -> reply(message, bytes.length);
            case String text -> words(message, text.split(" ", 3));
            default -> reply(message, "a " + message.body().getClass().getName());
        }
    }

    private void words(Message message, String[] words) throws Exception {
        switch (words[0]) {
            case "echo" -> reply(message, words[1]);
            case "who" -> reply(message, me.id() + " hears " + message.from() + ", reply " + message.wantsReply() + ", "
                    + Thread.currentThread().isVirtual());
            case "count" -> reply(message, sequence);
            case "tell" -> me.send(Long.parseLong(words[1]), words[2]);
            case "ask" -> reply(message,
                    me.ask(Long.parseLong(words[1]), words[2], String.class, Duration.ofSeconds(30)));
            case "ask-briefly" -> reply(message,
                    me.ask(Long.parseLong(words[1]), words[2], String.class, Duration.ofMillis(300)));
            case "fill" -> fill(Long.parseLong(words[1]));
            case "order" -> me.send(0, new Order("own", List.of(new Line(1, 2)), Kind.SMALL));
            case "throw" -> throw new IllegalStateException("as asked");
            case "twice" -> {
                message.reply("once");
                message.reply("twice");
            }
            case "later" -> Executors.newVirtualThreadPerTaskExecutor().submit(() -> message.reply("later"));
            case "never" -> {
                // no reply
            }
            case "stay" -> {
                System.out.println("staying");
                new CountDownLatch(1).await();
            }
            case "spin" -> {
                System.out.println("spinning");
                while (true) {
                    sequence++;
                }
            }
            case "close" -> handler.close();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void reply(Message message, Object body) {
        if (message.wantsReply()) {
            message.reply(body);
        } else {
            System.out.println("got " + body);
        }
    }

    /** Sends until it has to wait, and then waits. */
    private void fill(long to) throws InterruptedException {
        System.out.println("filling");
        while (true) {
            me.send(to, 0);
        }
    }
}
