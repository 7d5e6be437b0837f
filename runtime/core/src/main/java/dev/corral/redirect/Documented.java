package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The row of a redirect in the table "What a worker has of its own" of the reference, in Markdown. A test compares the
 * two.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Documented {
    /** What the program calls or names. */
    String of();

    /** What it does, or what it is, in a worker. */
    String becomes();
}
