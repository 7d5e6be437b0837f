package dev.corral.bench;

import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import dev.corral.bench.common.Bodies;
import dev.corral.bench.common.Body;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** The work of {@link WovenBenchmark}, and a worker that passes on its own, woven copy of it. */
public final class Work implements WorkerMain {
    @Override
    public void run(WorkerContext me) throws InterruptedException {
        Bodies.leave(Work::of);
        new CountDownLatch(1).await();
    }

    /** Returns the work with this name, as {@link WovenBenchmark} has it. */
    static Body of(String name) {
        return switch (name) {
            case "vector" -> new VectorAdd();
            case "hash" -> new Hash();
            case "sieve" -> new Sieve();
            case "fib" -> () -> fib(20);
            case "map" -> new MapPutGet();
            case "string" -> Work::build;
            case "matrix" -> new Matrix();
            case "stream" -> Work::openStream;
            case "channel" -> Work::openChannel;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Opens and closes a file. What a worker opens is recorded. */
    private static long openStream() {
        try (var stream = new FileInputStream("/dev/null")) {
            return stream.available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens and closes a file, as databases do. */
    private static long openChannel() {
        try (var channel = FileChannel.open(Path.of("/dev/null"))) {
            return channel.isOpen() ? 1 : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A loop that the JIT turns into vector instructions. */
    private static final class VectorAdd implements Body {
        private final float[] a = new float[2048];
        private final float[] b = new float[a.length];
        private final float[] sum = new float[a.length];

        VectorAdd() {
            for (int i = 0; i < a.length; i++) {
                a[i] = i;
                b[i] = 2 * i;
            }
        }

        @Override
        public long run() {
            for (int i = 0; i < sum.length; i++) {
                sum[i] = a[i] + b[i];
            }
            return (long) sum[sum.length - 1];
        }
    }

    /** A loop in which each iteration needs the result of the previous one. */
    private static final class Hash implements Body {
        private final long[] numbers = new long[2048];

        Hash() {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = i * 0x9e3779b97f4a7c15L;
            }
        }

        @Override
        public long run() {
            long hash = 0;
            for (long number : numbers) {
                hash = (hash ^ number) * 0x100000001b3L + (hash >>> 7);
            }
            return hash;
        }
    }

    /** Nested loops with a branch. */
    private static final class Sieve implements Body {
        private final boolean[] composite = new boolean[10_000];

        @Override
        public long run() {
            Arrays.fill(composite, false);
            long primes = 0;
            for (int i = 2; i < composite.length; i++) {
                if (!composite[i]) {
                    primes++;
                    for (int j = 2 * i; j < composite.length; j += i) {
                        composite[j] = true;
                    }
                }
            }
            return primes;
        }
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    /** Small loops around calls of the JDK. */
    private static final class MapPutGet implements Body {
        private final Integer[] keys = new Integer[1000];

        MapPutGet() {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = i * 7919;
            }
        }

        @Override
        public long run() {
            Map<Integer, Integer> map = new HashMap<>();
            for (Integer key : keys) {
                map.put(key, key);
            }
            long sum = 0;
            for (Integer key : keys) {
                sum += Objects.requireNonNull(map.get(key));
            }
            return sum;
        }
    }

    private static long build() {
        var text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(i).append(',').append("item ").append(i & 7);
        }
        return text.toString().hashCode();
    }

    /** Three nested loops; the innermost one is a vector loop. */
    private static final class Matrix implements Body {
        private static final int N = 64;
        private final double[][] a = new double[N][N];
        private final double[][] b = new double[N][N];

        Matrix() {
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    a[i][j] = i + j;
                    b[i][j] = i - j;
                }
            }
        }

        @Override
        public long run() {
            var product = new double[N][N];
            for (int i = 0; i < N; i++) {
                for (int k = 0; k < N; k++) {
                    double factor = a[i][k];
                    for (int j = 0; j < N; j++) {
                        product[i][j] += factor * b[k][j];
                    }
                }
            }
            return (long) product[N - 1][N - 1];
        }
    }
}
