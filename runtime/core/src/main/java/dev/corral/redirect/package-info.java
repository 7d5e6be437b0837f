/**
 * The mechanism of redirects: how a call of the JDK in the code of a worker is led to code that acts for this worker
 * alone. The redirects themselves are in the packages below, one package for each theme; {@code
 * dev.corral.redirect.catalogue} lists them.
 *
 * <p>A {@link dev.corral.redirect.Redirect} is a class for one thing that exists once per JVM and that each worker must
 * have for itself. Its annotations say what it intercepts:
 *
 * <ul>
 * <li>{@link dev.corral.redirect.Replaces} on a method: a worker's code calls it instead of that method of the JDK, or
 * instead of reading that static field;
 * <li>{@link dev.corral.redirect.ReplacesInEach} on a method and {@link dev.corral.redirect.AppliesTo} on its class:
 * the same for static methods of one name in many classes;
 * <li>{@link dev.corral.redirect.Substitutes} on the class: a worker's code creates and extends a substitute instead of
 * that class of the JDK;
 * <li>{@link dev.corral.redirect.MadeWith} on a method: supplies one more argument for the constructors of a
 * substitute;
 * <li>{@link dev.corral.redirect.ForWeaver} on a method: woven code calls it in addition to what the program calls;
 * <li>{@link dev.corral.redirect.RequiresModule} on the class: it intercepts something only in a JVM that has this
 * module;
 * <li>{@link dev.corral.redirect.Documented} on the class: its row in the reference.</ul>
 *
 * <p>{@link dev.corral.redirect.Interceptions} collects them into the table that the weaver reads. Each worker has one
 * {@link dev.corral.redirect.Redirects}, with one instance of each redirect. A woven call ends in a method of that
 * instance, whatever thread makes the call. What the JDK does by itself passes no woven call: for this there are
 * dispatchers, which exist once per JVM and ask {@link dev.corral.redirect.CurrentWorker} to which worker the current
 * thread belongs.
 *
 * <p>Ownership: the table is built once and never changes. The instances of a worker are created by the thread that
 * creates the worker, before any thread of the program runs. Their methods are called by any thread of the worker at
 * any time, so each redirect guards its own fields. {@code close} is called once, by the thread that ends the worker,
 * after the worker's threads have ended or been abandoned; an abandoned thread may still call.
 */
@NullMarked
package dev.corral.redirect;

import org.jspecify.annotations.NullMarked;
