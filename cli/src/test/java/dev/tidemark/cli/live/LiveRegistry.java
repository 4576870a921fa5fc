package dev.tidemark.cli.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RedisServer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import dev.tidemark.testkit.live.HalfWritten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The real registry, on a storage and with a cache of one kind. It can be killed, and is started again. */
final class LiveRegistry implements AutoCloseable {

    /** What a registry remembers of its blobs. */
    enum Cache {
        NONE,
        REDIS,
        IN_MEMORY,
        /** There are two replicas, and each collection knows their addresses. */
        IN_MEMORY_TOLD
    }

    private final Path directory;
    private final Optional<S3Server> server;
    private final Optional<RedisServer> redis;
    private final String storage;
    private final String sections;
    private final RegistryOnDisk files;
    private final Cache cache;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile List<DockerRegistry> replicas;

    /**
     * Starts one.
     *
     * @param sections more of its config.yml, or an empty text
     */
    LiveRegistry(Path directory, Cache cache, boolean bucket, String sections) {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        assumeTrue(cache != Cache.REDIS || RedisServer.installed(), "redis-server is not installed: skipped");
        this.directory = directory;
        this.cache = cache;
        server = bucket ? Optional.of(S3Server.on(made("s3"))) : Optional.empty();
        redis = cache == Cache.REDIS ? Optional.of(RedisServer.start(directory, "secret")) : Optional.empty();
        // What has the same name is locked by whoever collects it on this machine, be it at another server.
        String prefix = directory.getFileName().toString();
        Path root = server.map(s3 -> s3.bucket("images").resolve(prefix)).orElseGet(() -> made("registry"));
        files = RegistryOnDisk.at(root);
        String driver = server.map(s3 -> s3.storage("images", "/" + prefix))
                .orElseGet(() -> RegistryConfigFile.onFilesystem(root));
        storage = driver
                + switch (cache) {
                    case NONE -> "";
                    case REDIS -> "  cache: {blobdescriptor: redis}\n";
                    case IN_MEMORY, IN_MEMORY_TOLD -> "  cache: {blobdescriptor: inmemory}\n";
                };
        this.sections = sections
                + redis.map(one -> RegistryConfigFile.redis(one, "secret")).orElse("");
        replicas = served();
    }

    private List<DockerRegistry> served() {
        return Stream.generate(() -> DockerRegistry.serve(directory, storage, sections))
                .limit(cache == Cache.IN_MEMORY_TOLD ? 2 : 1)
                .toList();
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that serves at the moment, each replica in turn. */
    DockerRegistry registry() {
        List<DockerRegistry> serving = replicas;
        return serving.get(Math.floorMod(asked.getAndIncrement(), serving.size()));
    }

    /** The processes that serve at the moment. */
    List<DockerRegistry> replicas() {
        return replicas;
    }

    /** As the options and the argument of a collection name it. */
    List<String> named() {
        Stream<String> addresses = cache == Cache.IN_MEMORY_TOLD
                ? replicas.stream().flatMap(replica -> Stream.of("--registry-url", "http://" + replica.address()))
                : Stream.empty();
        return Stream.concat(addresses, Stream.of(registry().config().toString()))
                .toList();
    }

    /** What lies in its storage, or in its bucket. */
    RegistryOnDisk files() {
        return files;
    }

    /** Kills it, and starts it again at other ports. What it has remembered in memory is forgotten. */
    synchronized void killAndRestart() {
        replicas.forEach(DockerRegistry::kill);
        if (server.isEmpty()) {
            HalfWritten.mend(files);
        }
        replicas = served();
    }

    /** Does something between two kills. */
    synchronized void undisturbed(Runnable work) {
        work.run();
    }

    @Override
    public void close() {
        replicas.forEach(DockerRegistry::close);
        redis.ifPresent(RedisServer::close);
        server.ifPresent(S3Server::close);
    }
}
