package dev.corral.bench.compare.report;

import java.util.List;
import java.util.Map;

/** Writes maps, lists, strings, numbers and booleans as JSON. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return write(value, "") + "\n";
    }

    private static String write(Object value, String indent) {
        String inner = indent + "  ";
        return switch (value) {
            case Map<?, ?> map -> block("{", map.entrySet().stream()
                    .map(e -> string(e.getKey().toString()) + ": " + write(e.getValue(), inner)).toList(), "}", indent);
            case List<?> list when list.stream().allMatch(Number.class::isInstance) ->
                    "[" + String.join(", ", list.stream().map(Object::toString).toList()) + "]";
            case List<?> list -> block("[", list.stream().map(e -> write(e, inner)).toList(), "]", indent);
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> string(value.toString());
        };
    }

    private static String block(String open, List<String> parts, String close, String indent) {
        String separator = "\n" + indent + "  ";
        return parts.isEmpty() ? open + close
                : open + separator + String.join("," + separator, parts) + "\n" + indent + close;
    }

    private static String string(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
