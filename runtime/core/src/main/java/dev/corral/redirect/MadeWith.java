package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method without parameters that supplies one more argument, the last, for the constructors of a
 * {@linkplain Substitutes substitute}. So an object knows its worker from the code that creates it. Code that belongs
 * to no worker passes null.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface MadeWith {
    /** The class of the JDK that the substitute replaces. */
    Class<?> value();
}
