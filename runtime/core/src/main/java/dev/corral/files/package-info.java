/**
 * The temporary files of Corral: where they are, who may read them, and who deletes them. Knows nothing of workers.
 */
@NullMarked
package dev.corral.files;

import org.jspecify.annotations.NullMarked;
