package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        String server = isVersion3() ? "addrs: [\"%s\"]" : "addr: \"%s\", pool: {maxactive: 16}";
        return ("redis: {" + server + ", password: %s}\n").formatted(redis.address(), password);
    }

    /**
     * The section that has a registry send its events to this host.
     *
     * @param secret that it sends along
     */
    public static String notifications(int port, String secret) {
        return """
          notifications:
            endpoints:
              - name: tidemark
                url: http://127.0.0.1:%d/events
                headers: {Authorization: [Bearer %s]}
                timeout: 10s
                threshold: 1
                backoff: 100ms
          """.formatted(port, secret).indent(0);
    }

    /** Whether the registry that is installed is of version 3. */
    private static boolean isVersion3() {
        try {
            Process version = DockerRegistry.process(
                            List.of(DockerRegistry.binary().orElseThrow(), "--version"))
                    .start();
            return new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("/v3 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
