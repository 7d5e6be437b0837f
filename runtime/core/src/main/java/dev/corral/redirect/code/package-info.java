/**
 * Redirects of class loading and reflection: the system class loader finds the program, classes that are defined at run
 * time are woven, and reflection and method handles find the redirects.
 */
@NullMarked
package dev.corral.redirect.code;

import org.jspecify.annotations.NullMarked;
