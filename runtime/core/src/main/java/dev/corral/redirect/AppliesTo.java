package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a redirect: the classes whose methods are {@linkplain ReplacesInEach replaced in each}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface AppliesTo {
    /** The classes. */
    Class<?>[] value();
}
