package dev.corral.bench.compare.peers.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.bench.compare.commands.Tally.Counted;
import dev.corral.bench.compare.commands.Tally;
import dev.corral.bench.compare.peers.program.Pipe.Frame;
import dev.corral.bench.compare.peers.program.Pipe.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class PipeTest {
    @Test
    void shouldReadFramesAsTheyWereWritten() throws IOException {
        var bytes = new byte[100_000]; // more than a buffer
        bytes[99_999] = -1;
        var out = new ByteArrayOutputStream();
        var writer = new Pipe(InputStream.nullInputStream(), out);
        writer.write(Kind.ECHO, "grün");
        writer.write(Kind.COUNT, bytes);
        writer.write(Kind.END, "");
        writer.flush();

        var reader = new Pipe(new ByteArrayInputStream(out.toByteArray()), OutputStream.nullOutputStream());
        assertEquals(new Frame(Kind.ECHO, "grün"), reader.read());
        Frame second = reader.read();
        assertEquals(Kind.COUNT, second.kind());
        assertArrayEquals(bytes, (byte[]) second.body());
        assertEquals(new Frame(Kind.END, ""), reader.read());
        assertThrows(EOFException.class, reader::read);
    }

    @Test
    void shouldReadWhatWasCountedFromItsText() {
        var tally = new Tally();
        tally.add("four");
        tally.add(new byte[6]);
        Counted counted = tally.end();
        assertEquals(2, counted.messages());
        assertEquals(10, counted.bytes());
        assertEquals(counted, Counted.parse(counted.text()));
    }

    @Test
    void shouldCountAnewAfterTheEnd() {
        var tally = new Tally();
        tally.add("four");
        tally.end();
        tally.add("seventy");
        assertEquals(7, tally.end().bytes());
    }
}
