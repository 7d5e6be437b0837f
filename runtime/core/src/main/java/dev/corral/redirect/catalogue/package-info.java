/**
 * The catalogue: the list of all redirects, and what is derived from it.
 * {@link dev.corral.redirect.catalogue.Catalogue} has one line for each redirect. From these lines come the table of
 * interceptions, the instances of a worker, and the rows of the reference.
 *
 * <p>To add a redirect, write its class in the package of its theme, add its line to the catalogue, and write a test
 * with two workers; {@code runtime/docs/design/redirects.md} shows an example. Tests fail while a redirect is not in
 * the catalogue, or while its row is not in the reference.
 *
 * <p>{@link dev.corral.redirect.catalogue.JvmWide} installs the dispatchers that every cluster needs. Other dispatchers
 * belong to the redirect that needs them, and exist from its first use.
 */
@NullMarked
package dev.corral.redirect.catalogue;

import org.jspecify.annotations.NullMarked;
