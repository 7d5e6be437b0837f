package dev.corral.hotspot;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Assembles the little machine code that Corral needs, for x86-64 with the calling convention of System V: arguments come in rdi, rsi,
 * rdx, rcx, r8 and r9, the result goes into rax, and rbx, rbp and r12 to r15 are given back as they were. All operations are of 64
 * bits. The encodings are those of volume 2 of Intel's manual.
 */
final class MachineCode {
    /** Numbered as in instructions. */
    enum Register {
        RAX(0), RCX(1), RDX(2), RBX(3), RSP(4), RBP(5), RSI(6), RDI(7), R8(8), R9(9), R10(10), R11(11), R12(12),
        R13(13), R14(14), R15(15);

        private final int number;

        Register(int number) {
            this.number = number;
        }
    }

    private static final int WIDE = 0x48;
    /** Mode of the second operand: a register. */
    private static final int DIRECT = 0xc0;
    /** Mode of the second operand: memory at a register and a distance of 32 bits. */
    private static final int INDIRECT = 0x80;
    /** In place of the second operand's register: a byte follows that tells base and index. */
    private static final int BASE_AND_INDEX = 4;
    private static final int NO_INDEX = 0x20;
    private static final int TIMES_EIGHT = 0xc0;
    private static final int LOCK = 0xf0;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    /** Where distances of jumps are to be filled in, and to which label. */
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

    /** The lower half; the upper becomes 0. */
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

    /** Loads the index-th of the words at {@code base}. */
    MachineCode loadWord(Register to, Register base, Register index) {
        return indexed(0x8b, to, base, index);
    }

    /** Adds to the index-th of the words at {@code base}, atomically. */
    MachineCode addToWord(Register base, Register index, Register value) {
        return bytes(LOCK).indexed(0x01, value, base, index);
    }

    /** Subtracts from the index-th of the words at {@code base}, atomically. */
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

    /** By as many bits as rcx says. */
    MachineCode shiftLeftByRcx(Register to) {
        return direct(0xd3, 4, to);
    }

    /** The number of the highest bit that is set in a value that is not 0. */
    MachineCode highestBit(Register to, Register value) {
        return bytes(prefix(WIDE, to.number, 0, value.number), 0x0f, 0xbd,
                modes(DIRECT, to.number, value.number));
    }

    /** Calls the function whose address lies at {@code base} and a distance. */
    MachineCode callAt(Register base, int distance) {
        return indirect(0xff, 2, base, distance);
    }

    /** Calls a function of JNI or JVMTI, by its slot in the table that {@code environment} points to. Uses rax. */
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

    /** If the first is as large as the second, or larger, both with their signs. */
    MachineCode jumpIfNotLess(Register first, Register second, String label) {
        return direct(0x39, second.number, first).bytes(0x0f, 0x8d).distanceTo(label);
    }

    MachineCode label(String name) {
        if (labels.put(name, code.size()) != null) {
            throw new IllegalStateException("label " + name + " is there already");
        }
        return this;
    }

    MachineCode ret() {
        return bytes(0xc3);
    }

    /** In executable memory, which is never freed. */
    MemorySegment assemble() {
        return Libc.code(assembled());
    }

    /** Each 0 to 255. */
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

    private static int modes(int mode, int first, int second) {
        return mode | (lower(first) << 3) | lower(second);
    }

    /** Of the numbers of registers the lower three bits are in the instruction, and the fourth is in a byte before it. */
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
