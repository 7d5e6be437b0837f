/** Ways to run without end. */
package dev.corral.samples.zombie;
