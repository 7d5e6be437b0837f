package dev.corral.redirect;

import java.util.function.BiFunction;

/**
 * One line of a catalogue: a class of redirects, and how an instance for one worker is created.
 *
 * @param <W> what is known of a worker when its redirects are created
 * @param type the class
 * @param factory creates an instance for a worker. It may ask for the instances that stand before this line, and for no
 *        others
 */
public record Kind<W>(Class<? extends Redirect> type, BiFunction<W, Redirects, ? extends Redirect> factory) {}
