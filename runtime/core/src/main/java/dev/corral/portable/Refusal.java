package dev.corral.portable;

import dev.corral.NotPortableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An exception for an object that cannot cross. Each object that holds it adds a segment to the path while the
 * exception is passed on, so messages that can cross need no path.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** The number of segments that are shown. Of a longer path the first and the last half of this number are shown. */
    private static final int SHOWN = 32;

    private final transient Deque<String> segments = new ArrayDeque<>();
    private final String reason;

    Refusal(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** Adds the segment that leads from the holder to the refused object. */
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
