/**
 * What is one per JVM and must be one per worker. Each such effect is one small class, a {@link dev.corral.redirect.Redirect}:
 * what it intercepts (its annotated methods), what it does instead (their bodies), and its undo.
 *
 * <p>{@link dev.corral.redirect.Interceptions} gathers them into the table that the weaver works by. A worker has one
 * {@link dev.corral.redirect.Redirects}, an instance of each; a woven call of the worker's code ends in one of its methods,
 * whatever thread runs it. What the JDK does by itself, outside of woven code, is caught by the few JVM-wide dispatchers of
 * {@link dev.corral.redirect.JvmWide} and, while workers have set defaults of their own, of {@code JvmDefault}; they ask who
 * the current thread belongs to.
 *
 * <p>To add an effect, write a class here that implements {@code Redirect}, and give it an {@link dev.corral.redirect.Documented},
 * which is its row of the table in {@code runtime/docs/reference.md}. Add its name to the {@code permits} clause of {@code Redirect} and to the list
 * of {@code Interceptions}, its instance to {@code Redirects.of}, and a test with two workers.
 */
@NullMarked
package dev.corral.redirect;

import org.jspecify.annotations.NullMarked;
