package dev.corral.redirect.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that passes each call on to another stream, which it chooses at the call. It has no lock and no buffer of
 * its own.
 */
@SuppressWarnings("AnnotateFormatMethod") // the annotation is not the JDK's
public final class DispatchingStream extends PrintStream {
    private final PrintStream original;
    private final Supplier<PrintStream> target;

    /**
     * A stream in place of another.
     *
     * @param original the stream that it replaces
     * @param target returns the stream for the current call
     */
    public DispatchingStream(PrintStream original, Supplier<PrintStream> target) {
        super(OutputStream.nullOutputStream(), false, original.charset());
        this.original = original;
        this.target = target;
    }

    /** The stream that it replaces. */
    public PrintStream original() {
        return original;
    }

    @Override
    public void flush() {
        target.get().flush();
    }

    /** Closes the stream that it passes this call on to. */
    @Override
    public void close() {
        target.get().close();
    }

    @Override
    public boolean checkError() {
        return target.get().checkError();
    }

    @Override
    public void write(int b) {
        target.get().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        target.get().write(bytes, offset, length);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        target.get().write(bytes);
    }

    @Override
    public void writeBytes(byte[] bytes) {
        target.get().writeBytes(bytes);
    }

    @Override
    public void println() {
        target.get().println();
    }

    @Override
    public void print(boolean value) {
        target.get().print(value);
    }

    @Override
    public void print(char value) {
        target.get().print(value);
    }

    @Override
    public void print(int value) {
        target.get().print(value);
    }

    @Override
    public void print(long value) {
        target.get().print(value);
    }

    @Override
    public void print(float value) {
        target.get().print(value);
    }

    @Override
    public void print(double value) {
        target.get().print(value);
    }

    @Override
    public void print(char[] value) {
        target.get().print(value);
    }

    @Override
    public void print(@Nullable String value) {
        target.get().print(value);
    }

    @Override
    public void print(@Nullable Object value) {
        target.get().print(value);
    }

    @Override
    public void println(boolean value) {
        target.get().println(value);
    }

    @Override
    public void println(char value) {
        target.get().println(value);
    }

    @Override
    public void println(int value) {
        target.get().println(value);
    }

    @Override
    public void println(long value) {
        target.get().println(value);
    }

    @Override
    public void println(float value) {
        target.get().println(value);
    }

    @Override
    public void println(double value) {
        target.get().println(value);
    }

    @Override
    public void println(char[] value) {
        target.get().println(value);
    }

    @Override
    public void println(@Nullable String value) {
        target.get().println(value);
    }

    @Override
    public void println(@Nullable Object value) {
        target.get().println(value);
    }

    @Override
    public PrintStream printf(String format, @Nullable Object... values) {
        target.get().printf(format, values);
        return this;
    }

    @Override
    public PrintStream printf(@Nullable Locale locale, String format, @Nullable Object... values) {
        target.get().printf(locale, format, values);
        return this;
    }

    @Override
    public PrintStream format(String format, @Nullable Object... values) {
        target.get().format(format, values);
        return this;
    }

    @Override
    public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... values) {
        target.get().format(locale, format, values);
        return this;
    }

    @Override
    public PrintStream append(@Nullable CharSequence text) {
        target.get().append(text);
        return this;
    }

    @Override
    public PrintStream append(@Nullable CharSequence text, int start, int end) {
        target.get().append(text, start, end);
        return this;
    }

    @Override
    public PrintStream append(char c) {
        target.get().append(c);
        return this;
    }
}
