package dev.tidemark.testkit.gcs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The objects of the fake's buckets: files below a directory, which a test may write as well. A file that has changed
 * is a new generation of its object.
 */
final class GcsFiles {

    /** The order in which GCS lists names: by the bytes of their UTF-8. */
    static final Comparator<String> BYTES =
            Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final String PLAIN = "application/octet-stream";

    private final Path directory;
    private final Map<Path, Known> known = new HashMap<>();
    private long lastGeneration = System.currentTimeMillis() * 1000;

    /** The facts of an object that the file system doesn't have of its file. */
    private record Known(
            Fingerprint of, long generation, String md5, String contentType, Map<String, String> metadata) {}

    private record Fingerprint(Instant modified, long size, Object key) {}

    /**
     * An object.
     *
     * @param md5 in Base64, as GCS says it
     */
    record Stored(
            String name,
            long size,
            Instant written,
            long generation,
            String md5,
            String contentType,
            Map<String, String> metadata) {}

    GcsFiles(Path directory) {
        this.directory = directory;
    }

    boolean hasBucket(String bucket) {
        return Files.isDirectory(directory.resolve(bucket));
    }

    /** All objects of a bucket, in the order in which they are listed. */
    synchronized NavigableMap<String, Stored> all(String bucket) {
        Path top = directory.resolve(bucket);
        NavigableMap<String, Stored> all = new TreeMap<>(BYTES);
        try (Stream<Path> files = Files.walk(top)) {
            files.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .forEach(name -> get(bucket, name).ifPresent(object -> all.put(name, object)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    synchronized Optional<Stored> get(String bucket, String name) {
        Path file = file(bucket, name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            Known of = known(file, attributes);
            return Optional.of(new Stored(
                    name,
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant(),
                    of.generation(),
                    of.md5(),
                    of.contentType(),
                    of.metadata()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Known known(Path file, BasicFileAttributes attributes) throws IOException {
        var now = new Fingerprint(attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
        Known before = known.get(file);
        if (before == null || !before.of().equals(now)) {
            known.put(file, new Known(now, ++lastGeneration, md5(Files.readAllBytes(file)), PLAIN, Map.of()));
        }
        return known.get(file);
    }

    synchronized byte[] content(String bucket, String name) {
        try {
            return Files.readAllBytes(file(bucket, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes an object.
     *
     * @param ifGeneration what has to be there, 0 for nothing; empty for anything
     * @return empty if something else is there
     */
    synchronized Optional<Stored> write(
            String bucket,
            String name,
            byte[] content,
            String contentType,
            Map<String, String> metadata,
            OptionalLong ifGeneration) {
        if (!matches(bucket, name, ifGeneration)) {
            return Optional.empty();
        }
        Path file = file(bucket, name);
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            Files.write(file, content);
            get(bucket, name);
            known.computeIfPresent(
                    file,
                    (path, of) -> new Known(
                            of.of(), of.generation(), of.md5(), contentType == null ? PLAIN : contentType, metadata));
            return get(bucket, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean matches(String bucket, String name, OptionalLong generation) {
        return generation.isEmpty() || get(bucket, name).map(Stored::generation).orElse(0L) == generation.getAsLong();
    }

    /** Deletes an object, and the directories that are empty then: GCS has none. */
    synchronized void delete(String bucket, String name) {
        Path file = file(bucket, name);
        try {
            Files.delete(file);
            known.remove(file);
            Path parent = file.getParent();
            while (!parent.equals(directory.resolve(bucket)) && isEmpty(parent)) {
                Files.delete(parent);
                parent = parent.getParent();
            }
        } catch (NoSuchFileException e) {
            known.remove(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.findAny().isEmpty();
        }
    }

    private Path file(String bucket, String name) {
        return directory.resolve(bucket).resolve(name);
    }

    static String md5(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
