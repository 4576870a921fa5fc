package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A registry's config.yml. */
public final class RegistryConfigFile {

    private RegistryConfigFile() {}

    /** Writes a config.yml for a storage root. */
    public static Path write(Path directory, Path root, int port) {
        return write(directory, onFilesystem(root), port);
    }

    /** The driver's section of a config.yml for a storage root. */
    public static String onFilesystem(Path root) {
        return "  filesystem: {rootdirectory: %s}\n".formatted(root);
    }

    /** The section of a Redis, as the version of the registry that is installed reads it. */
    public static String redis(RedisServer redis, String password) {
        String server = DockerRegistry.isVersion3() ? "addrs: [\"%s\"]" : "addr: \"%s\", pool: {maxactive: 16}";
        return ("redis: {" + server + ", password: %s}\n").formatted(redis.address(), password);
    }

    /**
     * Writes a config.yml.
     *
     * @param storage the storage's driver and its parameters, indented by two
     */
    public static Path write(Path directory, String storage, int port) {
        return write(directory, storage, "", port);
    }

    static Path write(Path directory, String storage, String sections, int port) {
        Path config = directory.resolve("config-" + port + ".yml");
        try {
            Files.writeString(config, """
          version: 0.1
          log: {level: error}
          storage:
          %s
            delete: {enabled: true}
            redirect: {disable: true}
          http: {addr: "127.0.0.1:%d"}
          %s
          """.formatted(storage.stripTrailing(), port, sections));
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
