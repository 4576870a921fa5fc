package dev.tidemark.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tidemark.bench.bucket.AzureBucketApi;
import dev.tidemark.bench.bucket.BucketApi;
import dev.tidemark.bench.bucket.DelayedBucket;
import dev.tidemark.bench.bucket.GcsBucketApi;
import dev.tidemark.bench.bucket.ObjectStore;
import dev.tidemark.bench.bucket.S3BucketApi;
import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
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

    /** Beside it, what a collector's environment has to say of the storage. */
    Map<String, String> environment();

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
        public Map<String, String> environment() {
            return Map.of();
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

    /** A service that has buckets. */
    enum Service {
        s3,
        azure,
        gcs;

        BucketApi api(ObjectStore store) {
            return switch (this) {
                case s3 -> new S3BucketApi(Bucket.NAME, store);
                case azure -> new AzureBucketApi(Bucket.NAME, store);
                case gcs -> new GcsBucketApi(Bucket.NAME, store);
            };
        }
    }

    /** The bench's own service, in a process of its own, so that what it takes isn't counted. */
    record Bucket(Service service, Process process, ServeCommand.Ready ready, HttpClient http) implements Backend {

        static final String NAME = "registry";
        static final String PREFIX = "storage/";

        static Bucket start(Service service, TreeSize size, Duration delay, Path directory) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            Path errors = directory.resolve(service + ".log");
            try {
                Process process = new ProcessBuilder(
                                java.toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Bench.class.getName(),
                                "serve",
                                "--storage",
                                service.name(),
                                "--size",
                                size.name(),
                                "--delay",
                                delay.toMillis() + "ms")
                        .redirectError(errors.toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
                String line = process.inputReader().readLine();
                if (line == null) {
                    throw new BenchException("the bench's bucket does not start: "
                            + Files.readString(errors).trim());
                }
                return new Bucket(
                        service,
                        process,
                        Json.MAPPER.readValue(line, ServeCommand.Ready.class),
                        HttpClient.newHttpClient());
            } catch (IOException e) {
                throw new BenchException("the bench's bucket does not start: " + e.getMessage(), e);
            }
        }

        @Override
        public String name() {
            return service.name();
        }

        @Override
        public TreeFacts facts() {
            return ready.facts();
        }

        @Override
        public String storageSection() {
            String root = PREFIX.replace("/", "");
            return switch (service) {
                case s3 ->
                    ("s3: {region: us-east-1, regionendpoint: \"%s\", bucket: %s, rootdirectory: /%s, "
                                    + "accesskey: bench, secretkey: bench, secure: false, v4auth: true}")
                            .formatted(address(), NAME, root);
                case azure ->
                    ("azure: {accountname: %s, accountkey: %s, container: %s, rootdirectory: /%s, "
                                    + "serviceurl: \"%s/%s\", credentials: {type: shared_key}}")
                            .formatted(
                                    AzureBucketApi.ACCOUNT, "YmVuY2g=", NAME, root, address(), AzureBucketApi.ACCOUNT);
                case gcs -> "gcs: {bucket: %s, rootdirectory: /%s}".formatted(NAME, root);
            };
        }

        @Override
        public Map<String, String> environment() {
            return service == Service.gcs ? Map.of("STORAGE_EMULATOR_HOST", address()) : Map.of();
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
                                HttpRequest.newBuilder(URI.create(address() + path))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                return Json.MAPPER.readValue(answer, type);
            } catch (IOException e) {
                throw new BenchException("the bench's bucket is gone: " + e.getMessage(), e);
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
