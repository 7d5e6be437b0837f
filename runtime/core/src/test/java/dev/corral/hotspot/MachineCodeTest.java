package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R11;
import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.R15;
import static dev.corral.hotspot.MachineCode.Register.R8;
import static dev.corral.hotspot.MachineCode.Register.RAX;
import static dev.corral.hotspot.MachineCode.Register.RBX;
import static dev.corral.hotspot.MachineCode.Register.RCX;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static dev.corral.hotspot.MachineCode.Register.RSP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("c2")
class MachineCodeTest {
    private static MachineCode code() {
        return new MachineCode();
    }

    private static String hex(MachineCode code) {
        return Arrays.stream(code.assembled()).mapToObj("%02x"::formatted).collect(Collectors.joining(" "));
    }

    /** As an assembler for the same instruction writes it; with a prefix of 40 and distances of 32 bits throughout. */
    static Stream<Arguments> instructions() {
        return Stream.of(Arguments.of("push rbx", code().push(RBX), "40 53"),
                Arguments.of("pop r15", code().pop(R15), "41 5f"),
                Arguments.of("mov rdx, rsi", code().move(RDX, RSI), "48 89 f2"),
                Arguments.of("mov r12, rcx", code().move(R12, RCX), "49 89 cc"),
                Arguments.of("mov eax, r15d", code().moveLowerHalf(RAX, R15), "44 89 f8"),
                Arguments.of("movabs r11, 1", code().move(R11, 1), "49 bb 01 00 00 00 00 00 00 00"),
                Arguments.of("mov rax, [rbx+8]", code().load(RAX, RBX, 8), "48 8b 83 08 00 00 00"),
                Arguments.of("mov rax, [r12]", code().load(RAX, R12, 0), "49 8b 84 24 00 00 00 00"),
                Arguments.of("mov [rsp], rax", code().store(RSP, 0, RAX), "48 89 84 24 00 00 00 00"),
                Arguments.of("lea rdx, [rsp]", code().loadAddress(RDX, RSP, 0), "48 8d 94 24 00 00 00 00"),
                Arguments.of("mov r8, [r11+r15*8]", code().loadWord(R8, R11, R15), "4f 8b 84 fb 00 00 00 00"),
                Arguments.of("lock add [r11+r15*8], rax", code().addToWord(R11, R15, RAX),
                        "f0 4b 01 84 fb 00 00 00 00"),
                Arguments.of("lock sub [r11+rax*8], r8", code().subtractFromWord(R11, RAX, R8),
                        "f0 4d 29 84 c3 00 00 00 00"),
                Arguments.of("bsr rcx, r8", code().highestBit(RCX, R8), "49 0f bd c8"),
                Arguments.of("shl rax, cl", code().shiftLeftByRcx(RAX), "48 d3 e0"),
                Arguments.of("shr rax, 60", code().shiftRight(RAX, 60), "48 c1 e8 3c"),
                Arguments.of("and r15, -64", code().and(R15, -64), "49 81 e7 c0 ff ff ff"),
                Arguments.of("imul rax, rax, 10", code().multiply(RAX, 10), "48 69 c0 0a 00 00 00"),
                Arguments.of("call [rax+16]", code().callAt(RAX, 16), "48 ff 90 10 00 00 00"),
                Arguments.of("call r11", code().call(R11), "49 ff d3"), Arguments.of("ret", code().ret(), "c3"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("instructions")
    void shouldEncode(String instruction, MachineCode code, String bytes) {
        assertEquals(bytes, hex(code), instruction);
    }

    @Test
    void shouldJumpForwardsAndBack() {
        MachineCode code = code().label("again").jumpIfZero(RAX, "end").jump("again").label("end").ret();
        assertEquals("48 85 c0 0f 84 05 00 00 00 e9 f2 ff ff ff c3", hex(code));
    }

    @Test
    void shouldRefuseLabelsThatAreMissingOrThereTwice() {
        assertThrows(IllegalStateException.class, () -> code().jump("nowhere").assembled());
        assertThrows(IllegalStateException.class, () -> code().label("a").label("a"));
    }
}
