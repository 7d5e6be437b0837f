/**
 * The temporary files of Corral: their location, their permissions, and their deletion. Does not use workers.
 */
@NullMarked
package dev.corral.files;

import org.jspecify.annotations.NullMarked;
