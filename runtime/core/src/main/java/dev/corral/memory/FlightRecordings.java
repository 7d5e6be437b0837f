package dev.corral.memory;

import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.files.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** What the flight recordings of this JVM tell of its workers; starts none. Without the module {@code jdk.jfr} there are none. */
public final class FlightRecordings {
    private static final String SAMPLE = "jdk.ObjectAllocationSample";
    private static final int FRAMES = 12;
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecordings() {}

    /** Whether one that samples allocations runs. */
    public static boolean haveAllocations() {
        return POSSIBLE && Recorder.samplesAllocations();
    }

    /**
     * Where a worker has allocated most, so many stacks at most, the first with most bytes. Writes a file, and reads it: takes a second
     * or more, and begins a new chunk of the recordings.
     *
     * @param loader the name of the worker's class loader
     * @param last of how long, up to now
     */
    public static List<AllocatedAt> allocations(String loader, Duration last, int most) throws IOException {
        return haveAllocations() ? Recorder.allocations(loader, last, most) : List.of();
    }

    /** What needs the module. */
    private static final class Recorder {
        static boolean samplesAllocations() {
            return FlightRecorder.isInitialized() && FlightRecorder.getFlightRecorder().getRecordings().stream()
                    .anyMatch(each -> each.getState() == RecordingState.RUNNING
                            && "true".equals(each.getSettings().get(SAMPLE + "#enabled")));
        }

        static List<AllocatedAt> allocations(String loader, Duration last, int most) throws IOException {
            Path directory = TemporaryDirectory.newPlace("recording-");
            Path file = directory.resolve("snapshot.jfr");
            try (Recording snapshot = FlightRecorder.getFlightRecorder().takeSnapshot()) {
                Instant start = Instant.now().minus(last);
                try (InputStream recorded = snapshot.getStream(start, null)) {
                    if (recorded != null) {
                        Files.copy(recorded, file, StandardCopyOption.REPLACE_EXISTING);
                        return read(file, start, loader, most);
                    }
                }
                return List.of();
            } finally {
                TemporaryDirectory.deleteTree(directory);
            }
        }

        private static List<AllocatedAt> read(Path file, Instant start, String loader, int most) throws IOException {
            Map<List<String>, Long> bytes = new HashMap<>();
            try (var recording = new RecordingFile(file)) {
                while (recording.hasMoreEvents()) {
                    RecordedEvent event = recording.readEvent();
                    RecordedStackTrace stack = event.getStackTrace();
                    if (event.getEventType().getName().equals(SAMPLE) && !event.getStartTime().isBefore(start)
                            && stack != null && stack.getFrames().stream().anyMatch(frame -> isOf(loader, frame))) {
                        bytes.merge(text(stack), event.getLong("weight"), Long::sum);
                    }
                }
            }
            return bytes.entrySet().stream().sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
                    .limit(most).map(each -> new AllocatedAt(each.getKey(), each.getValue())).toList();
        }

        private static boolean isOf(String loader, RecordedFrame frame) {
            RecordedClassLoader of = frame.getMethod().getType().getClassLoader();
            return of != null && loader.equals(of.getName());
        }

        private static List<String> text(RecordedStackTrace stack) {
            return stack.getFrames().stream().limit(FRAMES).map(frame -> frame.getMethod().getType().getName() + "."
                    + frame.getMethod().getName() + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : ""))
                    .toList();
        }
    }
}
