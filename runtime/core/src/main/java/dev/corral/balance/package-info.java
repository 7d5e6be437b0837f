/** Asks a balancer, which is the user's code and may fail. */
@NullMarked
package dev.corral.balance;

import org.jspecify.annotations.NullMarked;
