package programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prints its arguments and a resource. */
public final class Told {
    private Told() {}

    public static void main(String[] args) throws IOException {
        try (var in = ClassLoader.getSystemResourceAsStream("told.txt")) {
            System.out.println(List.of(args) + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
