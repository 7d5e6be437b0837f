package dev.corral.samples.leaky;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a request. All values are whole numbers. */
public final class Query {
    private final Map<String, Long> values = new HashMap<>();

    /**
     * Reads the parameters of a request.
     *
     * @param known the names that the request may contain
     * @throws IllegalArgumentException if a name is unknown, or a value is no number
     */
    public Query(URI request, List<String> known) {
        String query = request.getQuery();
        if (query == null || query.isEmpty()) {
            return;
        }
        Arrays.stream(query.split("&")).map(pair -> pair.split("=", 2)).forEach(pair -> {
            if (!known.contains(pair[0])) {
                throw new IllegalArgumentException(pair[0] + " is no parameter of " + request.getPath()
                        + "; it must be " + (known.isEmpty() ? "none" : "one of " + String.join(", ", known)));
            }
            values.put(pair[0], number(pair[0], pair.length == 1 ? "" : pair[1]));
        });
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + text + "\"; it must be a whole number", e);
        }
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * Returns a parameter, or its default.
     *
     * @throws IllegalArgumentException if the value is out of range
     */
    public long number(String name, long byDefault, long least, long most) {
        long value = values.getOrDefault(name, byDefault);
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; it must be from " + least + " to " + most);
        }
        return value;
    }
}
