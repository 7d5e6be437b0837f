package dev.corral.portable;

import dev.corral.NotPortableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Unwinds from what cannot cross; whoever holds it adds its segment of the path. So a path costs nothing where there is none. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** Of a longer path the first and the last half of these segments are shown. */
    private static final int SHOWN = 32;

    private final transient Deque<String> segments = new ArrayDeque<>();
    private final String reason;

    Refusal(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** It is what is there, seen from its holder. */
    Refusal at(String segment) {
        segments.addFirst(segment);
        return this;
    }

    NotPortableException below(String root) {
        List<String> shown = new ArrayList<>(segments);
        if (shown.size() > SHOWN) {
            shown.subList(SHOWN / 2, shown.size() - SHOWN / 2).clear();
            shown.add(SHOWN / 2, "...");
        }
        String path = root + String.join("", shown);
        return new NotPortableException(path + ": " + reason, path);
    }
}
