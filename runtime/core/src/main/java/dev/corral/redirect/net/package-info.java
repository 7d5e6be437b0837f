/**
 * Redirects of networking: sockets share their port or are closed with their worker, and each worker has its own
 * defaults for passwords, proxies, cookies, TLS and URL handlers. The sockets themselves are in {@code
 * dev.corral.port}.
 */
@NullMarked
package dev.corral.redirect.net;

import org.jspecify.annotations.NullMarked;
