/** Ways to keep objects that are no longer needed. */
package dev.corral.samples.leaky;
