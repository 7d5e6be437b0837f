package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method that a worker's code calls instead of the static methods of one name in each of the classes that the
 * redirect {@link AppliesTo}. Its parameters are the class, then those of the replaced method.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ReplacesInEach {
    /** Name of the replaced methods. */
    String method();
}
