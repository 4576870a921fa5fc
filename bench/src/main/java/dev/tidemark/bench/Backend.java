package dev.tidemark.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.s3.DelayedBucket;
import dev.tidemark.bench.tree.DigestSet;
import dev.tidemark.bench.tree.TreeFacts;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The storage that a benchmark runs on: a filesystem or a bucket. */
sealed interface Backend extends AutoCloseable {

    String name();

    TreeFacts facts();

    /** The storage section of config.yml, in the flow style of YAML. */
    String storageSection();

    /** Requests since it began, by operation. */
    Map<String, Long> requests();

    /** The blobs that are in it now. Of a bucket only, as the next: what is on disk is kept as it is. */
    DigestSet blobs();

    /** Brings back what was deleted; the blobs that are in it then. */
    DigestSet restore();

    @Override
    void close();

    /** Writes the config.yml that both collectors get. */
    default Path config(Path directory) {
        Path file = directory.resolve("config.yml");
        try {
            return Files.writeString(file, """
          version: 0.1
          log: {level: error}
          storage:
            %s
            delete: {enabled: true}
          http: {addr: "127.0.0.1:0"}
          """.formatted(storageSection()));
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** A directory. */
    record Filesystem(TreeOnDisk tree) implements Backend {

        @Override
        public String name() {
            return "filesystem";
        }

        @Override
        public TreeFacts facts() {
            return tree.facts();
        }

        @Override
        public String storageSection() {
            return "filesystem: {rootdirectory: \"%s\"}".formatted(tree.root());
        }

        @Override
        public Map<String, Long> requests() {
            return Map.of();
        }

        @Override
        public DigestSet blobs() {
            throw new UnsupportedOperationException("nothing sweeps a tree on disk");
        }

        @Override
        public DigestSet restore() {
            throw new UnsupportedOperationException("nothing sweeps a tree on disk");
        }

        @Override
        public void close() {
            // It stays.
        }
    }

    /** The bench's own S3, in a process of its own, so that what it takes isn't counted. */
    record S3(Process process, S3Command.Ready ready, HttpClient http) implements Backend {

        static final String BUCKET = "registry";
        static final String PREFIX = "storage/";

        static S3 start(TreeSize size, Duration delay, Path directory) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            Path errors = directory.resolve("s3.log");
            try {
                Process process = new ProcessBuilder(
                                java.toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Bench.class.getName(),
                                "serve-s3",
                                "--size",
                                size.name(),
                                "--delay",
                                delay.toMillis() + "ms")
                        .redirectError(errors.toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
                String line = process.inputReader().readLine();
                if (line == null) {
                    throw new BenchException("the bench's S3 does not start: "
                            + Files.readString(errors).trim());
                }
                return new S3(process, Json.MAPPER.readValue(line, S3Command.Ready.class), HttpClient.newHttpClient());
            } catch (IOException e) {
                throw new BenchException("the bench's S3 does not start: " + e.getMessage(), e);
            }
        }

        @Override
        public String name() {
            return "s3";
        }

        @Override
        public TreeFacts facts() {
            return ready.facts();
        }

        @Override
        public String storageSection() {
            return ("s3: {region: us-east-1, regionendpoint: \"%s\", bucket: %s, rootdirectory: /%s, accesskey: "
                            + "bench, secretkey: bench, "
                            + "secure: false, v4auth: true}")
                    .formatted(address(), BUCKET, PREFIX.replace("/", ""));
        }

        @Override
        public Map<String, Long> requests() {
            return asked(DelayedBucket.COUNTS, new TypeReference<>() {});
        }

        @Override
        public DigestSet blobs() {
            return asked(DelayedBucket.BLOBS, new TypeReference<>() {});
        }

        @Override
        public DigestSet restore() {
            return asked(DelayedBucket.RESTORE, new TypeReference<>() {});
        }

        private <T> T asked(String path, TypeReference<T> type) {
            try {
                String answer = http.send(
                                HttpRequest.newBuilder(URI.create(address() + "/" + path))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                return Json.MAPPER.readValue(answer, type);
            } catch (IOException e) {
                throw new BenchException("the bench's S3 is gone: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                throw BenchException.interrupted(e);
            }
        }

        private String address() {
            return "http://127.0.0.1:" + ready.port();
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
