/** Ways to run away. */
package dev.corral.samples.zombie;
