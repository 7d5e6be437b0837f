/**
 * The rules which objects may cross from one isolate to another in a message, and the code that copies them.
 *
 * <p>{@link dev.corral.portable.Marshaller} is the entry. On the sender's thread, {@code pack} converts the object
 * graph into a form that refers to no class of either side except shared ones: values of the JDK, and {@code Node}s
 * that describe the objects which the receiver creates. It runs no constructor and no class initializer of a program.
 * On the receiver's thread, {@code unpack} creates the objects. So constructors, {@code hashCode} and {@code compareTo}
 * of the receiver's code run there.
 *
 * <p>A {@code Codec} packs the objects of one class. There is one codec per class in the JVM. It is attached to the
 * class and refers to nothing else of the class's loader, so both become unreachable together.
 * {@link dev.corral.portable.Types} represents the receiver. It remembers, by text only, which shapes the receiver's
 * loader knows, so it keeps no class of a sender reachable.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>By reference: objects of the classes of {@code References}, and immutable collections of the JDK that hold
 * nothing else.
 * <li>By copy: arrays, collections of the JDK, byte buffers. A collection keeps its class if that is a common one;
 * otherwise the most similar common class is used. An unmodifiable collection stays unmodifiable.
 * <li>By name and shape: records and enums. The receiver's loader must have the class, with equal components or with
 * the constant.
 * <li>By reference, if the receiver shares the class: an object whose fields are all final and hold only objects that
 * cross by reference.
 * <li>Anything else is refused, with the path to it.</ul>
 *
 * <p>Two references to one object become two references to one copy, except for records that hold only plain values.
 * Cycles are preserved. A record or another immutable object is created after all objects that it holds. So a cycle
 * must contain, and begin at, an array or a collection that can be filled later. For example, a list may hold a record
 * that holds the list; the constructor of the record then sees the list empty.
 *
 * <p>Threads: packed objects belong to the thread that packs or unpacks them. Any thread may use codecs and
 * {@code Types}.
 */
@NullMarked
package dev.corral.portable;

import org.jspecify.annotations.NullMarked;
