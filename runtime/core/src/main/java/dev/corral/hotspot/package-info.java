/**
 * What no Java API gives: threads stopped by JVMTI, objects as JNI references, threads of the operating system. From pure Java,
 * through {@code java.lang.foreign}: no native code is built or shipped. Each class says on which platform it works; elsewhere it
 * says that it does not, and nothing else breaks. Needs {@code --enable-native-access}.
 */
@NullMarked
package dev.corral.hotspot;

import org.jspecify.annotations.NullMarked;
