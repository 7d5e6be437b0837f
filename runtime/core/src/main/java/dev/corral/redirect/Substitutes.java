package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class that a worker's code creates and extends instead of a class of the JDK. The substitute is a public subclass
 * of the original with a constructor for each of the original's constructors, with the same parameters;
 * {@link MadeWith} can add one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Substitutes.All.class)
public @interface Substitutes {
    /** The class of the JDK. */
    Class<?> type();

    /** The substitute. */
    Class<?> by();

    /** All substitutes of one redirect. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {
        /** The substitutes. */
        Substitutes[] value();
    }
}
