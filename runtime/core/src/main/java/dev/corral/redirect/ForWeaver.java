package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method that woven code calls in addition to what the program calls. The weaver decides where. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ForWeaver {
    /** Name of the gate's method. The weaver finds it by {@link Interceptions#forWeaver}. */
    String value();

    /**
     * Name of a static method of the same class with the same type. It is called for code that belongs to no worker.
     */
    String otherwise();
}
