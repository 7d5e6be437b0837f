package programs;

import dev.corral.ConnectionHandler;
import dev.corral.ClusterEvent;
import dev.corral.MessageHandler;
import dev.corral.WorkerContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Calls the methods of its context with null and with extreme values, and prints the faults. */
public final class FuzzedContext {
    private FuzzedContext() {}

    /** Returns harmless values of the parameters' types. */
    public static Map<Class<?>, Object> samples() {
        Map<Class<?>, Object> samples = new HashMap<>();
        samples.put(int.class, 1);
        samples.put(long.class, 1L);
        samples.put(double.class, 1.0);
        samples.put(boolean.class, false);
        samples.put(String.class, "text");
        samples.put(Object.class, "text");
        samples.put(Duration.class, Duration.ofMillis(1));
        samples.put(Class.class, ClusterEvent.class);
        samples.put(Map.class, Map.of());
        samples.put(Runnable.class, (Runnable) () -> {});
        samples.put(MessageHandler.class, (MessageHandler) _ -> {});
        samples.put(ConnectionHandler.class, (ConnectionHandler) _ -> {});
        return samples;
    }

    public static void main(String[] args) {
        var fuzz = new Fuzz(samples()).methods(WorkerContext.class, WorkerContext.current());
        fuzz.faults().forEach(System.out::println);
        System.out.println("calls " + fuzz.calls());
    }
}
