/**
 * Redirects of the standard streams: what a worker prints becomes lines of that worker, whether it uses {@code
 * System.out}, a file descriptor or a child process; and its input is empty.
 *
 * <p>The way of a line: {@code LineSplitter} cuts what a thread prints into lines, {@code Output} keeps the last ones
 * and passes each to the {@code OutputPump} of its slot, and a thread of the pump delivers it to the sink. A worker
 * waits while the pump is full. So a slow sink slows the workers of one slot and needs a bounded amount of memory.
 */
@NullMarked
package dev.corral.redirect.stdio;

import org.jspecify.annotations.NullMarked;
