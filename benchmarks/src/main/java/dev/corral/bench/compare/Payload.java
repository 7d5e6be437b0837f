package dev.corral.bench.compare;

import java.util.Locale;

/** What a message carries. */
enum Payload {
    /** A string of 100 characters, all of them ASCII. */
    TEXT("100 B", 100),
    /** An array of bytes. */
    BYTES("10 KiB", 10 * 1024),
    /** The same, allocated anew for each message and given away with it. */
    TRANSFERRED("10 KiB, transferred", 10 * 1024);

    private final String title;
    private final int length;

    Payload(String title, int length) {
        this.title = title;
        this.length = length;
    }

    /** As the page names it. */
    String title() {
        return title;
    }

    /** As commands name it. */
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

    int length() {
        return length;
    }

    /** A new body. */
    Object body() {
        return this == TEXT ? "x".repeat(length) : new byte[length];
    }

    /** Of what a program has got: a string or an array of bytes. */
    static int length(Object body) {
        return body instanceof String text ? text.length() : ((byte[]) body).length;
    }
}
