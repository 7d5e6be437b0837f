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

/**
 * Reads where workers allocate from the flight recordings of this JVM. It starts no recording. Without the module
 * {@code jdk.jfr} there are none.
 */
public final class FlightRecordings {
    private static final String SAMPLE = "jdk.ObjectAllocationSample";
    private static final int FRAMES = 12;
    private static final boolean POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecordings() {}

    /** Returns whether a recording runs that samples allocations. */
    public static boolean haveAllocations() {
        return POSSIBLE && Recorder.samplesAllocations();
    }

    /**
     * Returns the stacks in which a worker has allocated most, those with the most bytes first. Blocks for a second or
     * more, because it writes a file and reads it. Begins a new chunk of the recordings.
     *
     * @param loader the name of the worker's class loader
     * @param last the period before the call that counts
     * @param most the largest number of stacks to return
     */
    public static List<AllocatedAt> allocations(String loader, Duration last, int most) throws IOException {
        return haveAllocations() ? Recorder.allocations(loader, last, most) : List.of();
    }

    /** The part that needs the module. */
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
