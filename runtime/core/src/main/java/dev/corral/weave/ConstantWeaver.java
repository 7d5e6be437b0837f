package dev.corral.weave;

import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.catalogue.Catalogue;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces constants that name an intercepted member, such as method references, by constants that name the gate's
 * method.
 */
final class ConstantWeaver {
    private static final Interceptions INTERCEPTIONS = Catalogue.interceptions();

    private ConstantWeaver() {}

    /** Returns the constants with replacements, or null if there is nothing to replace. */
    static @Nullable List<ConstantDesc> replaceAll(List<ConstantDesc> constants) {
        boolean any = false;
        var result = new ConstantDesc[constants.size()];
        for (int i = 0; i < result.length; i++) {
            ConstantDesc replacement = replace(constants.get(i));
            any |= replacement != null;
            result[i] = replacement == null ? constants.get(i) : replacement;
        }
        return any ? List.of(result) : null;
    }

    /**
     * Returns whether the constant may have to be replaced. This quick check avoids the work for most constants, which
     * name members of the program itself.
     */
    static boolean mayBeReplaced(LoadableConstantEntry constant) {
        return switch (constant) {
            case MethodHandleEntry handle -> INTERCEPTIONS.concern(handle.reference().owner().asInternalName());
            case ConstantDynamicEntry _ -> true;
            default -> false;
        };
    }

    /** Returns the replacement of a constant, or null if there is none. */
    static @Nullable ConstantDesc replace(ConstantDesc constant) {
        return switch (constant) {
            case DirectMethodHandleDesc handle -> replace(handle);
            case DynamicConstantDesc<?> dynamic -> {
                List<ConstantDesc> arguments = replaceAll(dynamic.bootstrapArgsList());
                yield arguments == null ? null
                        : DynamicConstantDesc.ofNamed(dynamic.bootstrapMethod(), dynamic.constantName(),
                                dynamic.constantType(), arguments.toArray(ConstantDesc[]::new));
            }
            default -> null;
        };
    }

    private static @Nullable MethodHandleDesc replace(DirectMethodHandleDesc handle) {
        String owner = internalName(handle.owner());
        return switch (handle.kind()) {
            case CONSTRUCTOR -> {
                Interception made = INTERCEPTIONS.ofMethod(owner, "<init>", handle.lookupDescriptor());
                if (made != null) {
                    yield throughGate(made);
                }
                String substitute = INTERCEPTIONS.substitute(owner);
                yield substitute == null ? null
                        : MethodHandleDesc.of(handle.kind(), ClassDesc.ofInternalName(substitute), "<init>",
                                handle.lookupDescriptor());
            }
            case STATIC, VIRTUAL, INTERFACE_STATIC, INTERFACE_VIRTUAL -> {
                Interception interception =
                        INTERCEPTIONS.ofMethod(owner, handle.methodName(), handle.lookupDescriptor());
                yield interception == null ? null : throughGate(interception);
            }
            case STATIC_GETTER -> {
                Interception interception = INTERCEPTIONS.ofField(owner, handle.methodName());
                yield interception == null ? null : throughGate(interception);
            }
            default -> null;
        };
    }

    private static MethodHandleDesc throughGate(Interception interception) {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, Gate.DESC, interception.gateName(),
                interception.typeDesc());
    }

    private static String internalName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }
}
