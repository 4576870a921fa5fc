package dev.tidemark.cli.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RedisServer;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The real registry, on a storage and with a cache of one kind; it can be killed, and is started again. */
final class LiveRegistry implements AutoCloseable {

    /** What a registry remembers of its blobs. */
    enum Cache {
        NONE,
        REDIS,
        IN_MEMORY
    }

    private final Path directory;
    private final Optional<S3Server> server;
    private final Optional<RedisServer> redis;
    private final String storage;
    private final String sections;
    private final RegistryOnDisk files;
    private volatile DockerRegistry registry;

    /**
     * Starts one.
     *
     * @param sections more of its config.yml, or an empty text
     */
    LiveRegistry(Path directory, Cache cache, boolean bucket, String sections) {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        assumeTrue(cache != Cache.REDIS || RedisServer.installed(), "redis-server is not installed: skipped");
        this.directory = directory;
        server = bucket ? Optional.of(S3Server.on(made("s3"))) : Optional.empty();
        redis = cache == Cache.REDIS ? Optional.of(RedisServer.start(directory, "secret")) : Optional.empty();
        Path root = server.map(s3 -> s3.bucket("images").resolve("some/where")).orElseGet(() -> made("registry"));
        files = RegistryOnDisk.at(root);
        String driver = server.map(s3 -> s3.storage("images", "/some/where"))
                .orElseGet(() -> RegistryConfigFile.onFilesystem(root));
        storage = driver
                + switch (cache) {
                    case NONE -> "";
                    case REDIS -> "  cache: {blobdescriptor: redis}\n";
                    case IN_MEMORY -> "  cache: {blobdescriptor: inmemory}\n";
                };
        this.sections = sections
                + redis.map(one -> RegistryConfigFile.redis(one, "secret")).orElse("");
        registry = DockerRegistry.serve(directory, storage, this.sections);
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process that serves at the moment. */
    DockerRegistry registry() {
        return registry;
    }

    /** What lies in its storage, or in its bucket. */
    RegistryOnDisk files() {
        return files;
    }

    /** Kills it, and starts it again at another port. What it has remembered in memory is forgotten. */
    void killAndRestart() {
        registry.kill();
        registry = DockerRegistry.serve(directory, storage, sections);
    }

    @Override
    public void close() {
        registry.close();
        redis.ifPresent(RedisServer::close);
        server.ifPresent(S3Server::close);
    }
}
