package dev.corral.hotspot;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Assembles the machine code that Corral needs, for x86-64 with the calling convention of Linux (System V AMD64 ABI).
 * All operations have 64 bits unless their comment says otherwise. The encodings are those of volume 2 of Intel's
 * manual. Not thread-safe.
 *
 * <pre>
 * register               use                                         saved by
 * rdi rsi rdx rcx r8 r9  arguments 1 to 6                            caller
 * rax                    result; callEntry changes it                caller
 * r10 r11                scratch: addresses and weights              caller
 * rbx r12 r13 r14 r15    values that must survive calls              callee: push first, pop before ret
 * rbp                    not used                                    callee
 * rsp                    stack; a multiple of 16 at each call        callee
 * </pre>
 *
 * <p>A call may change all registers that the caller saves. At the entry of a function the return address is on the
 * stack, so rsp is 8 less than a multiple of 16. An odd number of pushes, or of further 8 bytes, aligns it.
 *
 * <pre>
 * An instruction; parts in brackets may be absent
 *   [lock] [rex] opcode [modes] [base and index] [distance, 32 bits] [value, 8, 32 or 64 bits]
 *      |     |             |
 *      |     |             +-- 2 bits: register or memory; 3 bits: first operand; 3 bits: second operand
 *      |     +-- 64 bits or 32; the fourth bit of the number of each register
 *      +-- makes an addition or subtraction in memory atomic
 *
 * The memory of a routine
 *   page (4,096 bytes): code | rest of the page, zeros
 *   Jumps hold 32-bit distances from the end of the jump to their label, which assembled() fills in.
 * </pre>
 */
final class MachineCode {
    /** A register with its number in instructions. */
    enum Register {
        RAX(0), RCX(1), RDX(2), RBX(3), RSP(4), RBP(5), RSI(6), RDI(7), R8(8), R9(9), R10(10), R11(11), R12(12),
        R13(13), R14(14), R15(15);

        private final int number;

        Register(int number) {
            this.number = number;
        }
    }

    private static final int WIDE = 0x48;
    /** The second operand is a register. */
    private static final int DIRECT = 0xc0;
    /** The second operand is memory at the sum of a register and a distance of 32 bits. */
    private static final int INDIRECT = 0x80;
    /** In place of the second operand's register: the next byte holds base and index. */
    private static final int BASE_AND_INDEX = 4;
    private static final int NO_INDEX = 0x20;
    private static final int TIMES_EIGHT = 0xc0;
    private static final int LOCK = 0xf0;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    /** The positions of the distances of jumps, which are filled in later, with the label of each. */
    private final Map<Integer, String> jumps = new HashMap<>();

    MachineCode push(Register register) {
        return ofRegister(0x40, 0x50, register);
    }

    MachineCode pop(Register register) {
        return ofRegister(0x40, 0x58, register);
    }

    MachineCode move(Register to, Register from) {
        return direct(0x89, from.number, to);
    }

    /** Moves the lower 32 bits. The upper 32 bits of {@code to} become 0. */
    MachineCode moveLowerHalf(Register to, Register from) {
        return bytes(0x40 | from.number >> 3 << 2 | to.number >> 3, 0x89,
                modes(DIRECT, from.number, to.number));
    }

    MachineCode move(Register to, long value) {
        ofRegister(WIDE, 0xb8, to);
        code.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    MachineCode load(Register to, Register base, int distance) {
        return indirect(0x8b, to.number, base, distance);
    }

    MachineCode store(Register base, int distance, Register from) {
        return indirect(0x89, from.number, base, distance);
    }

    MachineCode loadAddress(Register to, Register base, int distance) {
        return indirect(0x8d, to.number, base, distance);
    }

    /** Loads the word with this index from an array of words at {@code base}. */
    MachineCode loadWord(Register to, Register base, Register index) {
        return indexed(0x8b, to, base, index);
    }

    /** Adds to the word with this index in an array of words at {@code base}, atomically. */
    MachineCode addToWord(Register base, Register index, Register value) {
        return bytes(LOCK).indexed(0x01, value, base, index);
    }

    /** Subtracts from the word with this index in an array of words at {@code base}, atomically. */
    MachineCode subtractFromWord(Register base, Register index, Register value) {
        return bytes(LOCK).indexed(0x29, value, base, index);
    }

    MachineCode add(Register to, Register value) {
        return direct(0x01, value.number, to);
    }

    MachineCode add(Register to, int value) {
        return direct(0x81, 0, to).word(value);
    }

    MachineCode multiply(Register to, int value) {
        return direct(0x69, to.number, to).word(value);
    }

    MachineCode or(Register to, Register value) {
        return direct(0x09, value.number, to);
    }

    MachineCode and(Register to, int value) {
        return direct(0x81, 4, to).word(value);
    }

    MachineCode xor(Register to, int value) {
        return direct(0x81, 6, to).word(value);
    }

    MachineCode shiftLeft(Register to, int bits) {
        return direct(0xc1, 4, to).bytes(bits);
    }

    MachineCode shiftRight(Register to, int bits) {
        return direct(0xc1, 5, to).bytes(bits);
    }

    /** Shifts left by the number of bits in rcx. */
    MachineCode shiftLeftByRcx(Register to) {
        return direct(0xd3, 4, to);
    }

    /** Stores the number of the highest bit that is set in {@code value}, which must not be 0. */
    MachineCode highestBit(Register to, Register value) {
        return bytes(prefix(WIDE, to.number, 0, value.number), 0x0f, 0xbd,
                modes(DIRECT, to.number, value.number));
    }

    /** Calls the function whose address is in memory at {@code base} plus a distance. */
    MachineCode callAt(Register base, int distance) {
        return indirect(0xff, 2, base, distance);
    }

    /**
     * Calls a function of JNI or JVMTI, given by its position in the table that {@code environment} points to. Changes
     * rax.
     */
    MachineCode callEntry(Register environment, int slot) {
        return load(Register.RAX, environment, 0).callAt(Register.RAX, slot * Long.BYTES);
    }

    MachineCode call(Register function) {
        return direct(0xff, 2, function);
    }

    MachineCode jump(String label) {
        return bytes(0xe9).distanceTo(label);
    }

    MachineCode jumpIfZero(Register register, String label) {
        return direct(0x85, register.number, register).bytes(0x0f, 0x84).distanceTo(label);
    }

    MachineCode jumpUnlessZero(Register register, String label) {
        return direct(0x85, register.number, register).bytes(0x0f, 0x85).distanceTo(label);
    }

    /** Jumps if the first value is greater than or equal to the second one; both are signed. */
    MachineCode jumpIfNotLess(Register first, Register second, String label) {
        return direct(0x39, second.number, first).bytes(0x0f, 0x8d).distanceTo(label);
    }

    MachineCode label(String name) {
        if (labels.put(name, code.size()) != null) {
            throw new IllegalStateException("the label " + name + " exists already");
        }
        return this;
    }

    MachineCode ret() {
        return bytes(0xc3);
    }

    /** Copies the code to executable memory, which is never freed. */
    MemorySegment assemble() {
        return Libc.code(assembled());
    }

    /** Returns the bytes of the code, each 0 to 255, with the distances of jumps filled in. */
    int[] assembled() {
        ByteBuffer all = ByteBuffer.wrap(code.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        jumps.forEach((at, label) -> {
            Integer target = labels.get(label);
            if (target == null) {
                throw new IllegalStateException("there is no label " + label);
            }
            all.putInt(at, target - at - Integer.BYTES);
        });
        int[] bytes = new int[all.capacity()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Byte.toUnsignedInt(all.get(i));
        }
        return bytes;
    }

    private MachineCode distanceTo(String label) {
        jumps.put(code.size(), label);
        return word(0);
    }

    /**
     * Appends an instruction with two registers.
     *
     * @param first the number of the first operand, or a part of the opcode
     */
    private MachineCode direct(int opcode, int first, Register second) {
        return bytes(prefix(WIDE, first, 0, second.number), opcode, modes(DIRECT, first, second.number));
    }

    private MachineCode indirect(int opcode, int first, Register base, int distance) {
        bytes(prefix(WIDE, first, 0, base.number), opcode, modes(INDIRECT, first, base.number));
        if (lower(base.number) == BASE_AND_INDEX) {
            bytes(NO_INDEX | BASE_AND_INDEX);
        }
        return word(distance);
    }

    private MachineCode indexed(int opcode, Register first, Register base, Register index) {
        return bytes(prefix(WIDE, first.number, index.number, base.number), opcode,
                modes(INDIRECT, first.number, BASE_AND_INDEX),
                modes(TIMES_EIGHT, index.number, base.number)).word(0);
    }

    /** Returns the byte that holds the kind of the second operand and the lower three bits of both operands. */
    private static int modes(int mode, int first, int second) {
        return mode | (lower(first) << 3) | lower(second);
    }

    /** Returns the byte before the opcode that holds the fourth bit of the number of each register. */
    private static int prefix(int prefix, int first, int index, int second) {
        return prefix | (first >> 3 << 2) | (index >> 3 << 1) | (second >> 3);
    }

    private static int lower(int number) {
        return number & 7;
    }

    private MachineCode ofRegister(int prefix, int opcode, Register register) {
        return bytes(prefix(prefix, 0, 0, register.number), opcode | lower(register.number));
    }

    private MachineCode word(int value) {
        code.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    private MachineCode bytes(int... all) {
        for (int each : all) {
            code.write(each);
        }
        return this;
    }
}
