/**
 * Access to the JVM and the operating system beyond the Java API: stopping threads by JVMTI, sampling allocations, JNI
 * references to objects, threads and file descriptors of the system. Everything is written in Java, by means of
 * {@code java.lang.foreign} and a small assembler ({@code MachineCode}); no native code is built or shipped. Each class
 * states the platform that it needs, and has a method that returns whether it works here. Needs
 * {@code --enable-native-access}.
 */
@NullMarked
package dev.corral.hotspot;

import org.jspecify.annotations.NullMarked;
