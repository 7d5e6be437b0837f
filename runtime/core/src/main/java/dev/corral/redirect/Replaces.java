package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that a worker's code calls instead of a method of the JDK, or to read a static field of it. Its
 * parameters are those of the replaced method, after the receiver where that method is an instance method.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Replaces {
    /** The class that declares the method or field. */
    Class<?> type();

    /** Subclasses that calls of a static method may name instead of that class. */
    Class<?>[] through() default {};

    /** Name of the replaced method; {@code new} for references to a constructor; empty if a field is replaced. */
    String method() default "";

    /** Name of the replaced static field. */
    String field() default "";
}
