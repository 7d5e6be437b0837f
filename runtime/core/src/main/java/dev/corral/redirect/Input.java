package dev.corral.redirect;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard input. There is one, and what one worker reads no other gets, nor does the embedding program; so a worker has an
 * input that is at its end, as a background process has, until it sets another.
 */
@Documented(of = "`System.in`, `IO.readln`, `System.console`",
        becomes = "is at its end from the start, so that no worker takes input from anybody; `setIn` gives it its own; no "
                + "console")
public final class Input implements Redirect {
    private volatile @Nullable InputStream in = InputStream.nullInputStream();
    /** Over what was the input at the first call of {@code readln}, as in {@link IO}. Guarded by the monitor. */
    private @Nullable BufferedReader reader;

    /** At its end. */
    Input() {}

    @Replaces(type = System.class, field = "in")
    @Nullable
    InputStream in() {
        return in;
    }

    @Replaces(type = System.class, method = "setIn")
    void setIn(@Nullable InputStream stream) {
        in = stream;
    }

    @Replaces(type = System.class, method = "console")
    @Nullable
    Console console() {
        return null;
    }

    @Replaces(type = IO.class, method = "readln")
    @Nullable
    String readln() {
        try {
            return reader().readLine();
        } catch (IOException e) {
            throw new IOError(e);
        }
    }

    @Replaces(type = IO.class, method = "readln")
    @Nullable
    String readln(@Nullable String prompt) {
        IO.print(prompt);
        return readln();
    }

    private synchronized BufferedReader reader() {
        if (reader == null) {
            Charset charset = Charset.forName(System.getProperty("stdin.encoding", ""), StandardCharsets.UTF_8);
            reader = new BufferedReader(new InputStreamReader(in, charset));
        }
        return reader;
    }

    @Override
    public synchronized void close() {
        in = InputStream.nullInputStream();
        reader = null;
    }
}
