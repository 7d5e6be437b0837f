package dev.corral.hotspot;

import dev.corral.jdk.Hidden;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of the C library and of the JVM's library that Corral calls. Another C library may lack one of them,
 * and another JVM than HotSpot may. Thread-safe.
 */
@SuppressWarnings("restricted") // this class needs native access
public final class NativeFunctions {
    /** Returns the interface of {@code java.management}. */
    static final String MANAGEMENT = "JVM_GetManagement";
    static final String CREATED_VMS = "JNI_GetCreatedJavaVMs";
    /** Reads the clocks of the system, among them those of threads. */
    static final String CLOCK = "clock_gettime";
    static final Path LIBRARY_OF_JVM = libraryOfJvm();

    /** Tools that read the memory of HotSpot need the last one. Other JVMs do not have it. */
    private static final List<String> OF_JVM = List.of(CREATED_VMS, MANAGEMENT, "gHotSpotVMStructs");
    private static final List<String> OF_C = List.of("mmap", "mprotect", "setpriority", "fcntl", "dup2", "strerror",
            "getsockopt", "ioctl", "close", CLOCK);

    /** Looks them up at the first use. */
    private static final class Missing {
        static final List<String> NAMES = find();
    }

    private NativeFunctions() {}

    private static Path libraryOfJvm() {
        Path home = Path.of(System.getProperty("java.home"));
        String name = System.mapLibraryName("jvm");
        Path library = home.resolve("lib").resolve("server").resolve(name);
        return Files.exists(library) ? library : home.resolve("bin").resolve("server").resolve(name); // Windows
    }

    /**
     * Returns the functions that do not exist here; none where Corral uses no function, because of the platform or
     * because native access is not enabled.
     */
    public static List<String> missing() {
        return Missing.NAMES;
    }

    /** Returns whether Corral calls functions of the C library here, and all of them exist. */
    static boolean areUsable() {
        return mayBeUsed() && missing().isEmpty();
    }

    private static boolean mayBeUsed() {
        return Platform.hasLinuxNumbers() && NativeFunctions.class.getModule().isNativeAccessEnabled();
    }

    // Does not link the functions, which would take longer.
    private static List<String> find() {
        List<String> missing = new ArrayList<>();
        if (mayBeUsed()) {
            addMissing(OF_C, Linker.nativeLinker().defaultLookup(), missing);
            try (Arena arena = Arena.ofConfined()) {
                addMissing(OF_JVM, SymbolLookup.libraryLookup(LIBRARY_OF_JVM, arena), missing);
            } catch (IllegalArgumentException e) { // there is no such library
                missing.addAll(OF_JVM);
            }
        }
        return List.copyOf(missing);
    }

    private static void addMissing(List<String> names, SymbolLookup library, List<String> missing) {
        names.stream().filter(name -> Hidden.contains(name) || library.find(name).isEmpty()).forEach(missing::add);
    }
}
