/**
 * Redirects of {@code java.util.logging} and {@code System.Logger}: each worker has its own log manager, which reads
 * its own configuration.
 */
@NullMarked
package dev.corral.redirect.logging;

import org.jspecify.annotations.NullMarked;
