package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The module without which a redirect intercepts nothing, because the classes that its methods name do not exist. An
 * image made by {@code jlink} may lack it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresModule {
    /** Name of the module. */
    String value();
}
