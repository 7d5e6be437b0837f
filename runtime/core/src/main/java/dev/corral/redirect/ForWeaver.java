package dev.corral.redirect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a method that woven code calls beside what the program calls, where the weaver sees fit. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface ForWeaver {
    /** Name of the gate's method; the weaver asks for it by {@link Interceptions#forWeaver}. */
    String value();

    /** A static method of the same class and the same type, for code that no worker owns. */
    String otherwise();
}
