/**
 * What may cross from one isolate to another as a message, and how it is copied.
 *
 * <p>{@link dev.corral.portable.Marshaller} has the two halves. On the sender's thread {@code pack} turns the graph into a form that
 * refers to no class of either side but shared ones: values of the JDK, and {@code Node}s, which name what the receiver is to
 * make. It runs no constructor and no class initialiser of a program. On the receiver's thread {@code unpack} makes it, so
 * constructors, {@code hashCode} and {@code compareTo} of the receiver's code run there.
 *
 * <p>{@code Codec} knows how the objects of one class are packed. There is one per class in the JVM, which hangs on the class and
 * refers to nothing else of its loader, so it goes with the class. {@link dev.corral.portable.Types} is the receiver: it keeps
 * which shapes its loader knows, by text alone, so that no sender's class is held by it.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>By reference: the classes of {@code References}, and the JDK's own immutable collections of nothing else.
 * <li>By copy: arrays, collections of the JDK, byte buffers. Of a collection the class is kept if it is a common one, and
 * otherwise the nearest common one is taken; what is unmodifiable stays unmodifiable.
 * <li>By name and shape: records and enums, whose class the receiver's loader must have, with equal components or with the constant.
 * <li>By reference, if the receiver shares the class: any object all of whose fields are final and hold what goes by reference itself.
 * <li>All else is refused, with its path.
 * </ul>
 *
 * <p>Two references to one object become two references to one copy, but for records that hold plain values only, and cycles
 * survive. A record, or another immutable, is made after all it holds; so a cycle must run through an array or a
 * collection that can be filled later, and begin there: a list may hold a record that holds the list, whose constructor then sees
 * the list empty.
 *
 * <p>Objects here belong to the thread that packs or unpacks; codecs and {@code Types} are for all threads.
 */
@NullMarked
package dev.corral.portable;

import org.jspecify.annotations.NullMarked;
