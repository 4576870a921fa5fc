package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The real registry, run from its binary on a storage root: Debian's {@code docker-registry}, or {@code registry}. */
public final class DockerRegistry implements AutoCloseable {

    /** The registry has answered, and not as it does when all is well. */
    public static final class RefusedException extends IllegalStateException {

        private static final long serialVersionUID = 1;

        private final int status;

        RefusedException(HttpResponse<byte[]> response) {
            super(response.request().method() + " " + response.uri() + " answered " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
            status = response.statusCode();
        }

        /** Whether nothing has changed by the request: the fault is the client's, so the registry says. */
        public boolean inVain() {
            return status < 500;
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Path config;
    private final ServerProcess process;

    private DockerRegistry(ProcessBuilder command, int port, Path config, Path log) {
        this.port = port;
        this.config = config;
        process = ServerProcess.start(command, log, this::answers);
    }

    /** The binary, if it is installed. */
    public static Optional<String> binary() {
        return Stream.of("docker-registry", "registry")
                .filter(DockerRegistry::onPath)
                .findFirst();
    }

    public static boolean onPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /** Serves a storage root. */
    public static DockerRegistry serve(Path directory, Path root) {
        return serve(directory, RegistryConfigFile.onFilesystem(root));
    }

    /** Serves a storage, of which the driver's section of a config.yml is given. */
    public static DockerRegistry serve(Path directory, String storage) {
        return serve(directory, storage, "");
    }

    /**
     * Serves a storage root with a cache of blob descriptors.
     *
     * @param cache its kind, as {@code inmemory}
     * @param sections other sections of the config.yml that it needs, or an empty text
     */
    public static DockerRegistry serve(Path directory, Path root, String cache, String sections) {
        return serve(
                directory,
                RegistryConfigFile.onFilesystem(root) + "  cache: {blobdescriptor: " + cache + "}\n",
                sections);
    }

    /** Serves a storage, of which the driver's section of a config.yml is given, and other sections. */
    public static DockerRegistry serve(Path directory, String storage, String sections) {
        return serve(binary().orElseThrow(), directory, storage, sections);
    }

    /** The same, by the binary of that name. */
    public static DockerRegistry serve(String binary, Path directory, String storage, String sections) {
        return serve(binary, Map.of(), directory, storage, sections);
    }

    /** The same, with more in its environment. */
    public static DockerRegistry serve(
            String binary, Map<String, String> environment, Path directory, String storage, String sections) {
        int port = FreePorts.of(1).getFirst();
        Path config = RegistryConfigFile.write(directory, storage, sections, port);
        ProcessBuilder command = process(List.of(binary, "serve", config.toString()));
        command.environment().putAll(environment);
        return new DockerRegistry(command, port, config, directory.resolve("registry-" + port + ".log"));
    }

    /** A process of the binary. */
    static ProcessBuilder process(List<String> command) {
        var process = new ProcessBuilder(command);
        // Its S3 driver does not start with a bundle of certificates that is meant for others.
        process.environment().remove("AWS_CA_BUNDLE");
        return process;
    }

    private boolean answers() {
        return send(HttpRequest.newBuilder(uri("/v2/"))).statusCode() == 200;
    }

    /** The config.yml that it was started with. */
    public Path config() {
        return config;
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    private URI uri(String path) {
        return URI.create("http://" + address() + path);
    }

    /** Pushes a blob, under its sha256 digest. */
    public String pushBlob(String repository, byte[] bytes) {
        return pushBlob(repository, bytes, RegistryOnDisk.sha256(bytes));
    }

    /** Pushes a blob under the digest that is given. */
    public String pushBlob(String repository, byte[] bytes, String digest) {
        HttpResponse<byte[]> started = send(HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody()));
        require(started, 202);
        String location = started.headers().firstValue("Location").orElseThrow();
        require(
                send(HttpRequest.newBuilder(
                                URI.create(location + (location.contains("?") ? "&" : "?") + "digest=" + digest))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))),
                201);
        return digest;
    }

    /** Links a blob of one repository in another. */
    public void mountBlob(String repository, String digest, String from) {
        if (!mounted(repository, digest, from)) {
            throw new IllegalStateException(from + " has no " + digest);
        }
    }

    /** The same; false if the registry asks for an upload instead, as it does not have the blob there. */
    public boolean mounted(String repository, String digest, String from) {
        HttpResponse<byte[]> response = send(
                HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/uploads/?mount=" + digest + "&from=" + from))
                        .POST(HttpRequest.BodyPublishers.noBody()));
        if (response.statusCode() == 202) {
            return false;
        }
        require(response, 201);
        return true;
    }

    /** Pushes a manifest under a tag or a digest. */
    public String pushManifest(String repository, String reference, String mediaType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        require(
                send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + reference))
                        .header("Content-Type", mediaType)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))),
                201);
        return RegistryOnDisk.sha256(bytes);
    }

    /** Pushes a Docker image of a config and layers, each of the given text. */
    public String pushImage(String repository, String reference, String config, String... layers) {
        String configDigest = pushBlob(repository, config.getBytes(StandardCharsets.UTF_8));
        StringBuilder list = new StringBuilder();
        for (String layer : layers) {
            String digest = pushBlob(repository, layer.getBytes(StandardCharsets.UTF_8));
            list.append(list.isEmpty() ? "" : ",")
                    .append(("{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\","
                                    + "\"size\":%d,\"digest\":\"%s\"}")
                            .formatted(layer.length(), digest));
        }
        return pushManifest(
                repository,
                reference,
                RegistryOnDisk.DOCKER_IMAGE,
                ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":"
                                + "\"application/vnd.docker.container.image.v1+json\",\"size\":%d,\"digest\":\"%s\"},"
                                + "\"layers\":[%s]}")
                        .formatted(RegistryOnDisk.DOCKER_IMAGE, config.length(), configDigest, list));
    }

    public void deleteManifest(String repository, String digest) {
        require(
                send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + digest))
                        .DELETE()),
                202);
    }

    /** The manifest's bytes; empty if the registry answers anything but 200. */
    public Optional<byte[]> manifest(String repository, String reference) {
        return ok(send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + reference))
                .header(
                        "Accept",
                        String.join(
                                ", ",
                                RegistryOnDisk.DOCKER_IMAGE,
                                RegistryOnDisk.DOCKER_LIST,
                                RegistryOnDisk.OCI_IMAGE,
                                RegistryOnDisk.OCI_INDEX))));
    }

    /** Whether the registry says that it has a manifest, as clients ask that want to know a tag's digest. */
    public boolean hasManifest(String repository, String reference) {
        return send(HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + reference))
                                .header("Accept", RegistryOnDisk.DOCKER_IMAGE)
                                .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode()
                == 200;
    }

    /** Whether the registry says that it has a blob, as a client asks before it uploads one. */
    public boolean has(String repository, String digest) {
        return send(HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/" + digest))
                                .method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode()
                == 200;
    }

    /** The blob's bytes; empty if the registry answers anything but 200. */
    public Optional<byte[]> blob(String repository, String digest) {
        return ok(send(HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/" + digest))));
    }

    private static Optional<byte[]> ok(HttpResponse<byte[]> response) {
        return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void require(HttpResponse<byte[]> response, int status) {
        if (response.statusCode() != status) {
            throw new RefusedException(response);
        }
    }

    /** Ends it at once, in whatever it does. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
