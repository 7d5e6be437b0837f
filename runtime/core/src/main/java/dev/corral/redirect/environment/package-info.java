/**
 * Redirects of what a program reads about the process it runs in: environment variables, system properties, number of
 * processors. Redirects of other themes read the properties of their worker here.
 */
@NullMarked
package dev.corral.redirect.environment;

import org.jspecify.annotations.NullMarked;
