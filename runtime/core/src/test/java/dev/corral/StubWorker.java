package dev.corral;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** Workers that have a slot, and take messages, and nothing else. */
public final class StubWorker {
    private StubWorker() {}

    /** The first worker of that slot. */
    public static Worker of(int slot, Consumer<Object> messages) {
        return (Worker) Proxy.newProxyInstance(StubWorker.class.getClassLoader(), new Class<?>[]{Worker.class},
                (it, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(it);
                    case "equals" -> it == arguments[0];
                    case "slot" -> slot;
                    case "id" -> slot + 1L;
                    case "send" -> {
                        messages.accept(arguments[0]);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
