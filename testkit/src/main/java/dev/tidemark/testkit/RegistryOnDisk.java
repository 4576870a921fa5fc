package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Writes registry storage as the filesystem driver of distribution lays it out, well or badly formed. It knows nothing
 * of the code under test: digests are plain text, {@code sha256:<hex>}.
 */
public final class RegistryOnDisk {

    /** The directory of Tidemark's own files in a registry's root. */
    private static final String TRASH = "tidemark";

    public static final String DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

    private final Path root;
    private final Path base;

    private RegistryOnDisk(Path root) {
        this.root = root;
        this.base = root.resolve("docker/registry/v2");
    }

    /** An empty registry under a storage root. */
    public static RegistryOnDisk at(Path root) {
        var registry = new RegistryOnDisk(root);
        io(() -> Files.createDirectories(registry.base.resolve("blobs")));
        io(() -> Files.createDirectories(registry.base.resolve("repositories")));
        return registry;
    }

    public Path root() {
        return root;
    }

    /** {@code docker/registry/v2}. */
    public Path base() {
        return base;
    }

    public RepositoryOnDisk repo(String name) {
        return new RepositoryOnDisk(this, name);
    }

    /** Stores bytes as a blob. */
    public String blob(byte[] bytes) {
        String digest = sha256(bytes);
        write(data(digest), bytes);
        return digest;
    }

    public String blob(String text) {
        return blob(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where a blob's data lies. */
    public Path data(String digest) {
        return blobDirectory(digest).resolve("data");
    }

    public Path blobDirectory(String digest) {
        String hex = hex(digest);
        return base.resolve("blobs")
                .resolve(algorithm(digest))
                .resolve(hex.substring(0, 2))
                .resolve(hex);
    }

    /** Sets the time of every file to that long ago. */
    public RegistryOnDisk age(Duration age) {
        return age(age, file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Sets the time of every directory to that long ago. */
    public RegistryOnDisk ageDirectories(Duration age) {
        return age(age, file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS));
    }

    private RegistryOnDisk age(Duration age, Predicate<Path> which) {
        try (Stream<Path> files = Files.walk(base)) {
            files.filter(which).forEach(file -> age(file, age));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Makes a directory, with those above it, at a path below {@link #base}. */
    public Path directory(String path) {
        Path directory = base.resolve(path);
        io(() -> Files.createDirectories(directory));
        return directory;
    }

    public static void age(Path file, Duration age) {
        io(() -> Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age))));
    }

    /** A path in a directory whose name is no text in UTF-8, nor in ASCII: a Latin-1 {@code ÿ}. */
    public static Path nameless(Path directory) {
        String uri = directory.toUri().toString();
        return Path.of(URI.create(uri + (uri.endsWith("/") ? "" : "/") + "%FF"));
    }

    /** Every file of the storage but its trash with its content's digest, and every empty directory. */
    public Map<String, String> snapshot() {
        Map<String, String> snapshot = new TreeMap<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return directory.equals(root.resolve(TRASH))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String content = attributes.isSymbolicLink()
                            ? "-> " + Files.readSymbolicLink(file)
                            : sha256(Files.readAllBytes(file));
                    snapshot.put(root.relativize(file).toString(), content);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    try (Stream<Path> children = Files.list(directory)) {
                        if (children.findAny().isEmpty()) {
                            snapshot.put(root.relativize(directory) + "/", "empty");
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return snapshot;
    }

    /** The digests of all blobs that have data. */
    public List<String> blobs() {
        List<String> blobs = new ArrayList<>();
        snapshot().keySet().forEach(path -> {
            String[] parts = path.split("/");
            if (parts.length == 8 && parts[3].equals("blobs") && parts[7].equals("data")) {
                blobs.add(parts[4] + ":" + parts[6]);
            }
        });
        return blobs;
    }

    /** A descriptor as JSON. */
    public static String descriptor(String mediaType, String digest) {
        return descriptor(mediaType, digest, 1);
    }

    /** The same of a blob of that many bytes. */
    public static String descriptor(String mediaType, String digest, long size) {
        return "{\"mediaType\":\"%s\",\"size\":%d,\"digest\":\"%s\"}".formatted(mediaType, size, digest);
    }

    public static String sha256(byte[] bytes) {
        return digest("sha256", "SHA-256", bytes);
    }

    public static String sha512(byte[] bytes) {
        return digest("sha512", "SHA-512", bytes);
    }

    private static String digest(String prefix, String algorithm, byte[] bytes) {
        try {
            return prefix + ":"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String algorithm(String digest) {
        return digest.substring(0, digest.indexOf(':'));
    }

    public static String hex(String digest) {
        return digest.substring(digest.indexOf(':') + 1);
    }

    /** Writes a file, and the directories above it. */
    public static void write(Path file, byte[] bytes) {
        io(() -> Files.createDirectories(file.getParent()));
        io(() -> Files.write(file, bytes));
    }

    /** Removes a file or a directory with all that is in it. */
    public static void remove(Path path) {
        try (Stream<Path> paths = Files.walk(path)) {
            paths.sorted(java.util.Comparator.reverseOrder())
                    .forEach(each -> io(() -> {
                        Files.delete(each);
                        return null;
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a directory with all that is in it, with times and extended attributes, to where nothing is. */
    public static void copy(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            paths.forEach(each -> io(() -> Files.copy(
                    each,
                    to.resolve(from.relativize(each)),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Action {
        Object run() throws IOException;
    }

    private static void io(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
