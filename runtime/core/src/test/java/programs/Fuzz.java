package programs;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of an API with null and with extreme values. A parameter that is not declared as nullable must
 * refuse null by a name. Any value must lead to a result or to an exception that says why.
 */
public final class Fuzz {
    private static final List<Integer> INTS = List.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE);
    private static final List<Long> LONGS = List.of(Long.MIN_VALUE, -1L, Long.MAX_VALUE);
    private static final List<Double> DOUBLES =
            List.of(Double.NaN, Double.NEGATIVE_INFINITY, -1.0, Double.POSITIVE_INFINITY);
    private static final List<Duration> DURATIONS = List.of(Duration.ofSeconds(Long.MIN_VALUE), Duration.ofNanos(-1),
            Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    private static final List<String> TEXTS =
            List.of("", " ", "\0", "=", "a/b", "\ud800", "x".repeat(100_000), "%s {0} ${x} \n");

    private final Map<Class<?>, Object> samples;
    private final List<String> faults = new ArrayList<>();
    private int calls;

    /**
     * Creates a run.
     *
     * @param samples a harmless value for each type of a parameter
     */
    public Fuzz(Map<Class<?>, Object> samples) {
        this.samples = samples;
    }

    /** Returns what was found, one line for each fault. */
    public List<String> faults() {
        return faults;
    }

    /** Returns the number of calls. */
    public int calls() {
        return calls;
    }

    /** Calls the public methods that a type declares, the static ones as well. */
    public Fuzz methods(Class<?> type, @Nullable Object target) {
        for (Method method : type.getDeclaredMethods()) {
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && !isOfObject(method)
                    && (isStatic || target != null)) {
                run(method, args -> method.invoke(isStatic ? null : target, args));
            }
        }
        return this;
    }

    /** Calls the public constructors of a type. */
    public Fuzz constructors(Class<?> type) {
        for (Constructor<?> constructor : type.getConstructors()) {
            run(constructor, constructor::newInstance);
        }
        return this;
    }

    private static boolean isOfObject(Method method) {
        return method.getName().equals("equals") || method.getName().equals("valueOf");
    }

    private interface Call {
        @Nullable
        Object invoke(Object[] args) throws ReflectiveOperationException;
    }

    private void run(Executable method, Call call) {
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            Class<?> type = parameters[i].getType();
            if (!type.isPrimitive() && !isNullable(parameters[i])) {
                refusesNull(method, call, i, null);
                if (type.isArray() && !type.componentType().isPrimitive()) {
                    refusesNull(method, call, i, java.lang.reflect.Array.newInstance(type.componentType(), 1));
                }
            }
            for (Object extreme : extremes(type)) {
                explains(method, call, i, extreme);
            }
        }
    }

    /** By name, because the class of the annotation may be that of another loader. */
    private static boolean isNullable(Parameter parameter) {
        return Arrays.stream(parameter.getAnnotatedType().getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static List<?> extremes(Class<?> type) {
        return type == int.class ? INTS
                : type == long.class ? LONGS
                        : type == double.class ? DOUBLES
                                : type == Duration.class ? DURATIONS
                                        : type == String.class ? TEXTS
                                                : type == String[].class
                                                        ? TEXTS.stream().map(text -> new String[]{text}).toList()
                                                        : type == Integer[].class
                                                                ? INTS.stream().map(n -> new Integer[]{n}).toList()
                                                                : List.of();
    }

    private Object[] arguments(Executable method, int index, @Nullable Object value) {
        Class<?>[] types = method.getParameterTypes();
        var arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            Object sample = samples.get(types[i]);
            if (sample == null && i != index) {
                throw new AssertionError("no sample of " + types[i] + " for " + method);
            }
            arguments[i] = i == index ? value : sample;
        }
        return arguments;
    }

    private void refusesNull(Executable method, Call call, int index, @Nullable Object value) {
        Throwable thrown = thrownBy(call, arguments(method, index, value));
        String message = thrown == null ? null : thrown.getMessage();
        boolean isNamed = thrown instanceof NullPointerException && message != null && !message.contains("because")
                && !message.startsWith("Cannot ");
        if (!isNamed) {
            faults.add(describe(method, index) + " is null: " + thrown);
        }
    }

    private void explains(Executable method, Call call, int index, Object value) {
        Throwable thrown = thrownBy(call, arguments(method, index, value));
        boolean isExplained = thrown == null || (thrown.getMessage() != null && !thrown.getMessage().isBlank()
                && (thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException
                        || thrown instanceof TimeoutException || thrown instanceof InterruptedException
                        || thrown.getClass().getName().startsWith("dev.corral.")));
        if (!isExplained) {
            faults.add(describe(method, index) + " is " + shown(value) + ": " + thrown);
        }
    }

    private static String shown(Object value) {
        String text = value instanceof Object[] array ? Arrays.toString(array) : value.toString();
        return text.length() > 50 ? text.length() + " characters" : text;
    }

    private static String describe(Executable method, int index) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + ", parameter " + (index + 1) + " ("
                + method.getParameterTypes()[index].getSimpleName() + ")";
    }

    /**
     * Calls on a thread of its own, which is interrupted after some time: a call may wait for as long as it is told.
     */
    private @Nullable Throwable thrownBy(Call call, Object[] arguments) {
        calls++;
        Callable<@Nullable Object> callable = () -> call.invoke(arguments);
        var task = new FutureTask<>(callable);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        try {
            try {
                task.get(3, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                thread.interrupt();
                task.get(30, TimeUnit.SECONDS);
            }
            return null;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            Throwable thrown = cause instanceof InvocationTargetException of ? of.getCause() : cause;
            return thrown instanceof InterruptedException ? null : thrown;
        } catch (InterruptedException | TimeoutException e) {
            return new AssertionError("does not return", e);
        }
    }
}
