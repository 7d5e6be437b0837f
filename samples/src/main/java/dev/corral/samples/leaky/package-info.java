/** Ways to keep what nobody needs any more. */
package dev.corral.samples.leaky;
