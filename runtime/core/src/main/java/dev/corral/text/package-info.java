/**
 * How quantities are written for people: in log lines, in the texts of the API, and in the messages of refused
 * arguments. Output for programs, such as JSON, has plain numbers.
 *
 * <p>Threads: static methods without state.
 */
@NullMarked
package dev.corral.text;

import org.jspecify.annotations.NullMarked;
