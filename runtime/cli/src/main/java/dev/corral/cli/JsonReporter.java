package dev.corral.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.corral.Autopsy;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports to programs: one JSON object per line, in UTF-8 regardless of the locale. Events have Node's names. */
final class JsonReporter implements Reporter {
    private static final JsonFactory JSON = new JsonFactory();

    private final LineWriter out;

    JsonReporter(LineWriter out) {
        this.out = out;
    }

    /** Writes the fields of an object that follow the first ones. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    @Override
    public void line(Worker worker, Line line) {
        out.put(bytes(json -> {
            begin(json, "output", worker.id(), worker.slot(), Instant.now());
            json.writeStringField("stream", line.error() ? "stderr" : "stdout");
            json.writeStringField("line", line.text());
            if (line.part() > 0) {
                json.writeNumberField("part", line.part());
                json.writeBooleanField("lastPart", line.last());
            }
        }));
    }

    @Override
    public void event(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.Forked e -> write("fork", e.worker(), e.at(), _ -> {});
            case ClusterEvent.Online e -> write("online", e.worker(), e.at(), _ -> {});
            case ClusterEvent.Listening e -> write("listening", e.worker(), e.at(), json -> {
                json.writeStringField("address", e.address().getAddress().getHostAddress());
                json.writeNumberField("port", e.address().getPort());
            });
            case ClusterEvent.Ready e -> write("ready", e.worker(), e.at(), _ -> {});
            case ClusterEvent.HeartbeatMissed e -> write("heartbeat-missed", e.worker(), e.at(), json -> {
                json.writeNumberField("missed", e.missed());
                json.writeNumberField("silenceMillis", e.silence().toMillis());
            });
            case ClusterEvent.BecameZombie e -> write("zombie", e.worker(), e.at(), json -> autopsy(json, e.autopsy()));
            case ClusterEvent.Replacing e ->
                    write("replacing", e.worker(), e.at(), json -> json.writeStringField("why", e.why()));
            case ClusterEvent.Disconnected e -> write("disconnect", e.worker(), e.at(), _ -> {});
            case ClusterEvent.Exited e -> write("exit", e.worker(), e.at(), json -> exit(json, e.exit()));
            case ClusterEvent.GaveUp e -> write("gave-up", e.last().worker(), e.slot(), e.at(), json -> {
                json.writeNumberField("restarts", e.restarts());
                json.writeNumberField("withinMillis", e.within().toMillis());
                exit(json, e.last());
            });
            case ClusterEvent.Reloaded e -> write(json -> reloaded(json, e));
            case ClusterEvent.LoaderLeaked e ->
                    write("loader-leaked", e.worker(), e.at(), json -> json.writeStringField("path", e.path()));
        }
    }

    private static void reloaded(JsonGenerator json, ClusterEvent.Reloaded event) throws IOException {
        json.writeStringField("event", "reload");
        json.writeStringField("at", event.at().toString());
        switch (event.result()) {
            case ReloadResult.Completed(int replaced, String fingerprint, Duration took) -> {
                json.writeStringField("result", "completed");
                json.writeNumberField("replaced", replaced);
                json.writeStringField("fingerprint", fingerprint);
                json.writeNumberField("tookMillis", took.toMillis());
            }
            case ReloadResult.Aborted(int slot, String why, Optional<Exit> exit) -> {
                json.writeStringField("result", "aborted");
                json.writeNumberField("slot", slot);
                json.writeStringField("why", why);
                if (exit.isPresent()) {
                    json.writeObjectFieldStart("exit");
                    json.writeNumberField("worker", exit.get().worker());
                    exit(json, exit.get());
                    json.writeEndObject();
                }
            }
        }
    }

    private static void autopsy(JsonGenerator json, Autopsy autopsy) throws IOException {
        json.writeStringField("verdict", autopsy.verdict().name());
        json.writeNumberField("silenceMillis", autopsy.silence().toMillis());
        json.writeNumberField("cpuMillis", autopsy.cpuBurnt().toMillis());
        strings(json, "stacks", autopsy.stacks());
    }

    @Override
    public void advice(Advice advice) {
        write(json -> {
            json.writeStringField("event", "advice");
            json.writeStringField("at", Instant.now().toString());
            json.writeNumberField("observedMillis", advice.facts().observed().toMillis());
            json.writeNumberField("collections", advice.facts().collections());
            json.writeBooleanField("early", advice.isEarly());
            json.writeStringField("options", advice.options());
            ifKnown(json, "maxLiveBytes", advice.maxLive());
            ifKnown(json, "maxMetaspaceBytes", advice.maxMetaspace());
            ifKnown(json, "maxAllocatedBytes", advice.maxAllocated());
            ifKnown(json, "heapBytes", advice.heap());
            json.writeArrayFieldStart("slots");
            for (Peaks.Peak peak : advice.peaks()) {
                json.writeStartObject();
                json.writeNumberField("slot", peak.slot());
                ifKnown(json, "liveBytes", peak.liveBytes());
                ifKnown(json, "metaspaceBytes", peak.metaspaceBytes());
                json.writeNumberField("allocatedBytesPerHour", advice.allocatedPerHour(peak));
                json.writeEndObject();
            }
            json.writeEndArray();
            strings(json, "notes", advice.notes());
        });
    }

    private static void ifKnown(JsonGenerator json, String name, OptionalLong bytes) throws IOException {
        if (bytes.isPresent()) {
            json.writeNumberField(name, bytes.getAsLong());
        }
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void exit(JsonGenerator json, Exit exit) throws IOException {
        json.writeNumberField("code", exit.code());
        json.writeStringField("reason", switch (exit.reason()) {
            case ExitReason.Completed _ -> "completed";
            case ExitReason.Crashed _ -> "crashed";
            case ExitReason.OnRequest _ -> "on-request";
            case ExitReason.Replaced _ -> "replaced";
            case ExitReason.Killed _ -> "killed";
            case ExitReason.Zombie _ -> "zombie";
            case ExitReason.OverMemory _ -> "over-memory";
            case ExitReason.OverThreads _ -> "over-threads";
        });
        if (exit.reason() instanceof ExitReason.Crashed(Failure failure)) {
            json.writeStringField("why", failure.toString());
        }
        if (exit.reason() instanceof ExitReason.OverThreads(String kind, int threads, int limit)) {
            json.writeStringField("kind", kind);
            json.writeNumberField("threads", threads);
            json.writeNumberField("limit", limit);
        }
        if (exit.reason() instanceof ExitReason.OverMemory over) {
            json.writeStringField("limit", over.limit().toString());
            json.writeNumberField("bytes", over.bytes());
            json.writeNumberField("limitBytes", over.limitBytes());
            json.writeObjectFieldStart("kept");
            for (ExitReason.OverMemory.Kept each : over.kept()) {
                json.writeNumberField(each.type(), each.bytes());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("allocatedAt");
            for (ExitReason.OverMemory.AllocatedAt each : over.allocatedAt()) {
                json.writeStartObject();
                json.writeNumberField("bytes", each.bytes());
                json.writeArrayFieldStart("stack");
                for (String frame : each.stack()) {
                    json.writeString(frame);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeBooleanField("voluntary", exit.reason().voluntary());
        json.writeNumberField("uptimeMillis", exit.uptime().toMillis());
        if (exit.reason() instanceof ExitReason.Crashed(Failure failure)) {
            json.writeObjectFieldStart("failure");
            json.writeStringField("type", failure.type());
            json.writeStringField("message", failure.message());
            json.writeStringField("stackTrace", failure.stackTrace());
            json.writeEndObject();
        }
        if (!exit.abandonedThreads().isEmpty()) {
            strings(json, "abandonedThreads", exit.abandonedThreads());
        }
    }

    private void write(String event, Worker worker, Instant at, Fields more) {
        write(event, worker.id(), worker.slot(), at, more);
    }

    private void write(String event, long worker, int slot, Instant at, Fields more) {
        write(json -> {
            begin(json, event, worker, slot, at);
            more.write(json);
        });
    }

    private static void begin(JsonGenerator json, String event, long worker, int slot, Instant at) throws IOException {
        json.writeStringField("event", event);
        json.writeNumberField("worker", worker);
        json.writeNumberField("slot", slot);
        json.writeStringField("at", at.toString());
    }

    private void write(Fields fields) {
        out.offer(bytes(fields));
    }

    /**
     * Returns one object with a line feed. An unpaired surrogate, which UTF-8 cannot encode, becomes a question mark.
     */
    private static byte[] bytes(Fields fields) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a line of the command itself. */
    static byte[] note(String text) {
        return bytes(json -> {
            json.writeStringField("event", "message");
            json.writeStringField("at", Instant.now().toString());
            json.writeStringField("text", text);
        });
    }

    @Override
    public void message(String text) {
        out.offer(note(text));
    }
}
