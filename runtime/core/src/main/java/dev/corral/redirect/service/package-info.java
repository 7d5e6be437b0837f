/**
 * Redirects of registries that exist once per JVM: JDBC drivers, security providers, naming builders, MBean servers,
 * the filter of deserialisation. Here each worker has its own entries, and sees those of the JVM where a program
 * expects them.
 */
@NullMarked
package dev.corral.redirect.service;

import org.jspecify.annotations.NullMarked;
