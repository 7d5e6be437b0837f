package dev.corral.redirect.stdio;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
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
 * Standard input. It exists once per process, and what one worker reads is lost for the others and for the embedding
 * program. So the input of a worker is empty, like that of a background process, until the worker sets another one.
 */
@Documented(of = "`System.in`, `IO.readln`, `System.console`",
        becomes = "empty: no worker takes input from another one. `setIn` sets the worker's own; there is no console")
public final class Input implements Redirect {
    /** Set by any thread of the worker. */
    private volatile @Nullable InputStream in = InputStream.nullInputStream();
    /**
     * Reads the stream that was the input at the first call of {@code readln}, as in {@link IO}. Guarded by the
     * monitor.
     */
    private @Nullable BufferedReader reader;

    /** An empty input. */
    public Input() {}

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
