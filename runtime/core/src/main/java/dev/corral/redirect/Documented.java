package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The row of a redirect in the reference's table "What a worker has of its own", in Markdown. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Documented {
    /** What stands in the program. */
    String of();

    /** What it is in a worker. */
    String becomes();
}
