package dev.corral.bench.compare.commands;

import java.util.Locale;

/** The content of a message. */
public enum Payload {
    /** A string of 100 ASCII characters. */
    TEXT("100 B", 100),
    /** An array of bytes. */
    BYTES("10 KiB", 10 * 1024),
    /** An array of bytes that is allocated for each message and transferred without a copy. */
    TRANSFERRED("10 KiB, transferred", 10 * 1024);

    private final String title;
    private final int length;

    Payload(String title, int length) {
        this.title = title;
        this.length = length;
    }

    /** Returns its name on the page. */
    public String title() {
        return title;
    }

    /** Returns its name in commands. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Payload ofWord(String word) {
        for (Payload payload : values()) {
            if (payload.word().equals(word)) {
                return payload;
            }
        }
        throw new IllegalArgumentException("there is no payload \"" + word + "\"");
    }

    public int length() {
        return length;
    }

    /** Returns a new body. */
    public Object body() {
        return this == TEXT ? "x".repeat(length) : new byte[length];
    }

    /** Returns the length of a received body: a string or an array of bytes. */
    public static int length(Object body) {
        return body instanceof String text ? text.length() : ((byte[]) body).length;
    }
}
