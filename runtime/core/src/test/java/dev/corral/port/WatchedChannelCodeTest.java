package dev.corral.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.jdk.JdkInternal;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WatchedChannelCodeTest {
    private static String member(String owner, String name, String descriptor) {
        return owner + "." + (name.equals("<init>") ? "new" : name) + descriptor;
    }

    /** A member that a later JDK lacks would fail the first read or write of a connection. */
    @Test
    void shouldUseOnlyMembersThatAreCheckedBefore() {
        ClassModel generated = ClassFile.of().parse(WatchedChannelCode.bytes());
        Set<String> used = new TreeSet<>();
        generated.constantPool().forEach(entry -> {
            if (entry instanceof MemberRefEntry member && member.owner().asInternalName().startsWith("sun/")
                    && !member.owner().equals(generated.thisClass())) {
                used.add(member(member.owner().asInternalName().replace('/', '.'), member.name().stringValue(),
                        member.type().stringValue()));
            }
        });
        assertTrue(used.size() > 8, used.toString());
        used.removeAll(Stream.of(JdkInternal.values())
                .map(each -> member(each.owner(), each.memberName(), each.descriptor())).collect(Collectors.toSet()));
        assertEquals(Set.of(), used);
    }
}
