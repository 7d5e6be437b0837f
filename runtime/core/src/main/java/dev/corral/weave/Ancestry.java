package dev.corral.weave;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.catalogue.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The superclasses of a program's classes. A class file names the class of the receiver as the owner of a method, even
 * if a superclass declares the method: {@code getName()} in a subclass of {@code Thread} is a call of the subclass. So
 * the weaver must know whether the method is one of the JDK that is intercepted. Class files are read; no class is
 * loaded. Thread-safe.
 */
public final class Ancestry {
    private static final Interceptions INTERCEPTIONS = Catalogue.interceptions();
    /** The classes of the JDK; the same for all programs. */
    private static final Ancestry JDK = new Ancestry(Ancestry::fileOfJdk);

    private final Function<String, byte @Nullable []> files;
    private final Map<String, Parent> parents = new ConcurrentHashMap<>();

    /**
     * What is known of a class.
     *
     * @param name the internal name of its superclass; empty if there is none, or if the class file was not found
     * @param declared the names and descriptors of its methods that have the same name and descriptor as a method that
     *        is intercepted somewhere
     */
    private record Parent(String name, Set<String> declared) {
        static final Parent NONE = new Parent("", Set.of());

        static Parent of(ClassModel type) {
            return new Parent(type.superclass().map(ClassEntry::asInternalName).orElse(""),
                    type.methods().stream()
                            .map(method -> method.methodName().stringValue() + method.methodType().stringValue())
                            .filter(INTERCEPTIONS::isMember).collect(toUnmodifiableSet()));
        }
    }

    /**
     * The ancestry of a program's classes.
     *
     * @param files returns the class file of a class by its internal name; null if the program does not have it
     */
    public Ancestry(Function<String, byte @Nullable []> files) {
        this.files = files;
    }

    /** Returns the ancestry where no class file of a program can be found. */
    public static Ancestry ofJdk() {
        return JDK;
    }

    private static byte @Nullable [] fileOfJdk(String internalName) {
        try (InputStream file = ClassLoader.getPlatformClassLoader().getResourceAsStream(internalName + ".class")) {
            return file == null ? null : file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the interception of the method that a call in this class names; null for most methods.
     *
     * @param caller the class that contains the call
     * @param owner the class that the call names
     */
    @Nullable
    Interception ofMethod(ClassModel caller, String owner, String name, String descriptor) {
        Interception found = INTERCEPTIONS.ofMethod(owner, name, descriptor);
        String member = name + descriptor;
        if (found != null || !INTERCEPTIONS.isMember(member) || owner.startsWith("[")) {
            return found;
        }
        Parent parent = owner.equals(caller.thisClass().asInternalName()) ? Parent.of(caller) : parentOf(owner);
        while (found == null && !parent.name().isEmpty() && !parent.declared().contains(member)) {
            found = INTERCEPTIONS.ofMethod(parent.name(), name, descriptor);
            parent = parentOf(parent.name());
        }
        return found;
    }

    private Parent parentOf(String owner) {
        Parent known = parents.get(owner);
        if (known == null) {
            byte[] file = files.apply(owner);
            known = file != null ? parse(file) : this == JDK ? Parent.NONE : JDK.parentOf(owner);
            parents.put(owner, known);
        }
        return known;
    }

    private static Parent parse(byte[] file) {
        try {
            return Parent.of(ClassFile.of().parse(file));
        } catch (IllegalArgumentException e) { // broken; the JVM reports it if the class is used
            return Parent.NONE;
        }
    }
}
