package dev.tidemark.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.bench.bucket.DelayedBucket;
import dev.tidemark.bench.bucket.ObjectStore;
import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.tree.RegistryTree;
import dev.tidemark.bench.tree.TreeFacts;
import dev.tidemark.bench.tree.TreeSize;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a registry's storage as a bucket, until it is told to end or nobody reads what it says any more. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Serves the registry tree of a size as a bucket, from memory. For timing only: it checks no signature "
                        + "and keeps nothing.")
final class ServeCommand implements Callable<Integer> {

    private static final Duration AGE = Duration.ofDays(30);

    /**
     * The first line that is printed: it is ready.
     *
     * @param facts of the tree that is in the bucket
     */
    record Ready(int port, TreeFacts facts) {}

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "25k",
            description = "25k, 260k, 1m, or any number of blobs")
    private String size;

    @Option(names = "--storage", paramLabel = "KIND", defaultValue = "s3", description = "s3, azure, gcs")
    private Backend.Service service;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "10ms",
            converter = MeasureCommand.MillisecondsConverter.class,
            description = "what is added to every request")
    private Duration delay;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "0 for any free one")
    private int port;

    @Override
    public Integer call() throws Exception {
        var store = new ObjectStore();
        Instant modified = Instant.now().minus(AGE);
        TreeFacts facts = RegistryTree.of(TreeSize.of(size))
                .write(
                        (path, bytes) -> store.put(Backend.Bucket.PREFIX + path, bytes, modified),
                        Runtime.getRuntime().availableProcessors());
        try (var server = DelayedBucket.start(service.api(store), store, delay, port)) {
            System.out.println(Json.MAPPER
                    .writer()
                    .without(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(new Ready(server.port(), facts)));
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
