package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method that a worker's code calls instead of a method of the JDK, or instead of reading a static field of the
 * JDK. It has the parameters of the replaced method; if that is an instance method, its receiver comes first.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Replaces {
    /** The class that declares the method or field. */
    Class<?> type();

    /** Subclasses that a call of a static method may name instead of that class. */
    Class<?>[] through() default {};

    /** Name of the replaced method; {@code new} for references to a constructor; empty if a field is replaced. */
    String method() default "";

    /** Name of the replaced static field. */
    String field() default "";
}
