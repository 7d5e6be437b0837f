package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that supplies what constructors of the substitute for a class take after the arguments of the original's,
 * so that each knows its worker by the code that makes it; null where no worker does.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface MadeWith {
    /** The class that is substituted. */
    Class<?> value();
}
