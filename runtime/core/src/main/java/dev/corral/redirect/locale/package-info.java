/**
 * Redirects of the default locale and the default time zone. The time zone is a worker's own inside the JDK as well:
 * while a worker has one, the JVM's default is a dispatcher. The JDK caches the default locale, so it cannot be
 * dispatched; instead the methods that read it are redirected.
 */
@NullMarked
package dev.corral.redirect.locale;

import org.jspecify.annotations.NullMarked;
