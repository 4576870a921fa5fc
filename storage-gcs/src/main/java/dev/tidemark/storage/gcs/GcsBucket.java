package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.CopyingBucket;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.LastSeen;
import dev.tidemark.storage.objects.RootPrefix;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A bucket of GCS. */
final class GcsBucket implements CopyingBucket {

    /** Bytes that are read in a request. */
    static final int PIECE = 8 << 20;

    private static final int PARTIAL = 206;

    final String name;
    final RootPrefix root;
    final GcsFailures failures;
    final GcsRequests requests;
    final ObjectPages pages;
    final ObjectDeletions deletions;
    private final ObjectCopies copies;
    private final LastSeen lastSeen = new LastSeen();

    GcsBucket(String name, RootPrefix root, GcsFailures failures, GcsRequests requests) {
        this.name = name;
        this.root = root;
        this.failures = failures;
        this.requests = requests;
        pages = new ObjectPages(requests, failures, lastSeen, name, root.base());
        deletions = new ObjectDeletions(requests, failures, pages, name, root.base());
        copies = new ObjectCopies(requests, failures, pages, name);
    }

    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        return pages.get(prefix, after, token);
    }

    @Override
    public void children(String prefix, Consumer<String> directory, Consumer<String> file) {
        pages.each(new ObjectPages.Query(prefix, "/", null, null), page -> {
            page.prefixes().forEach(below -> directory.accept(below.substring(prefix.length(), below.length() - 1)));
            page.objects().stream()
                    .map(object -> object.name().substring(prefix.length()))
                    .filter(rest -> !rest.isEmpty())
                    .forEach(file);
            return true;
        });
    }

    @Override
    public int count(String prefix, int limit) {
        return pages.count(prefix, "/", limit);
    }

    @Override
    public Optional<Stat> look(String path, String key) {
        return object(path, key).map(GcsObject::stat);
    }

    /** An object, by a request for it alone; empty if it is not there. */
    Optional<GcsObject> object(String path, String key) {
        GcsRequest request = GcsRequest.get("look at", path, "objects.get", GcsRequest.object(name, key))
                .with("fields", GcsObject.FIELDS);
        GcsAnswer answer = requests.send(request);
        if (answer.status() == GcsAnswer.NOT_FOUND) {
            // A bucket that is gone, or something before the server, answers "not found" just the same.
            return pages.listed(key);
        }
        if (!answer.ok()) {
            throw failures.of(request, answer);
        }
        GcsObject object = GcsObject.of(answer.json());
        if (!object.name().equals(key)) {
            throw failures.noAnswer(request, "the server answers with something else, “" + object.name() + "”");
        }
        pages.seen(object);
        return Optional.of(object);
    }

    @Override
    public Optional<Stat> listed(String key) {
        return pages.listed(key).map(GcsObject::stat);
    }

    @Override
    public Optional<InputStream> open(String path, String key) {
        GcsRequest request = piece(path, key, 0);
        GcsAnswer answer = requests.send(request);
        if (answer.status() == GcsAnswer.NOT_FOUND) {
            // As for a look: what is listed is there, or has come in between.
            if (pages.listed(key).isEmpty()) {
                return Optional.empty();
            }
            answer = requests.send(request);
        }
        if (answer.status() == GcsAnswer.NOT_FOUND) {
            throw failures.noAnswer(request, "it is listed, and not found");
        }
        if (answer.status() == GcsAnswer.RANGE_NOT_SATISFIABLE
                && object(path, key).filter(object -> object.stat().size() == 0).isPresent()) {
            return Optional.of(InputStream.nullInputStream());
        }
        if (!answer.ok()) {
            throw failures.of(request, answer);
        }
        lastSeen.forgetAbsent(key);
        String generation = answer.headers().get("x-goog-generation");
        return Optional.of(new ObjectContent(
                answer.body(),
                size(request, answer),
                first -> next(piece(path, key, first).with("generation", generation))));
    }

    private GcsRequest piece(String path, String key, long first) {
        return GcsRequest.get("read", path, "objects.get", GcsRequest.object(name, key))
                .with("alt", "media")
                .header("Range", "bytes=" + first + "-" + (first + PIECE - 1));
    }

    private byte[] next(GcsRequest request) {
        GcsAnswer answer = requests.send(request);
        if (answer.status() != PARTIAL || answer.body().length == 0) {
            // It was deleted, or written anew, in the middle of it.
            throw failures.noAnswer(request, "its content ends early");
        }
        return answer.body();
    }

    /** The answer to a range says how large the whole is. */
    private long size(GcsRequest request, GcsAnswer answer) {
        String range = answer.headers().getOrDefault("content-range", "");
        if (answer.status() != PARTIAL) {
            return answer.body().length;
        }
        if (!range.matches("bytes 0-\\d+/\\d{1,18}")) {
            throw failures.noAnswer(request, "the server does not say how large it is");
        }
        return Long.parseLong(range.substring(range.indexOf('/') + 1));
    }

    @Override
    public Map<String, StorageException> delete(List<String> paths, BooleanSupplier allowed) {
        List<ObjectDeletions.Target> targets = paths.stream()
                .filter(path -> !lastSeen.forgetAbsent(root.key(path)))
                .map(path -> new ObjectDeletions.Target(
                        path, root.key(path), lastSeen.of(root.key(path)).orElse(null)))
                .toList();
        return deleteAll(targets, allowed);
    }

    private Map<String, StorageException> deleteAll(List<ObjectDeletions.Target> targets, BooleanSupplier allowed) {
        Map<String, StorageException> failed = deletions.delete(targets, allowed);
        targets.stream()
                .filter(target -> !failed.containsKey(target.path())
                        || failed.get(target.path()) instanceof WrittenAgainException)
                .forEach(target -> lastSeen.forget(target.name()));
        return failed;
    }

    @Override
    public void write(String path, String key, byte[] content) {
        lastSeen.forget(key);
        requests.done(insert(path, key, content));
    }

    @Override
    public Optional<Version> version(String path, String key) {
        return object(path, key).map(object -> new Version(key, object.stat(), object.generation()));
    }

    @Override
    public Optional<Version> unchanged(String path, String key) {
        return lastSeen.unchanged(key, () -> version(path, key), () -> failures.written("delete", path));
    }

    @Override
    public Copied copy(String path, Version from, String to, boolean replace, BooleanSupplier allowed) {
        lastSeen.forget(to);
        return copies.copy(path, from, to, replace, allowed);
    }

    @Override
    public Map<String, StorageException> deleteVersions(List<Version> objects, BooleanSupplier allowed) {
        return deleteAll(
                objects.stream()
                        .map(object -> new ObjectDeletions.Target(object.key(), object.key(), object.version()))
                        .toList(),
                allowed);
    }

    /** GCS says the time to the millisecond. */
    @Override
    public Duration rounding() {
        return Duration.ZERO;
    }

    /** Writes an object where there is none; false if there is one by now. */
    boolean writeNew(String path, String key, byte[] content) {
        lastSeen.forget(key);
        GcsRequest request = insert(path, key, content).with("ifGenerationMatch", 0);
        GcsAnswer answer = requests.send(request);
        if (answer.status() == GcsAnswer.PRECONDITION_FAILED) {
            return false;
        }
        if (!answer.ok()) {
            throw failures.of(request, answer);
        }
        return true;
    }

    private GcsRequest insert(String path, String key, byte[] content) {
        return GcsRequest.post("write", path, "objects.insert", "/upload" + GcsRequest.objects(name), content)
                .with("uploadType", "media")
                .with("name", key)
                .header("Content-Type", "application/octet-stream");
    }

    @Override
    public void close() {
        requests.close();
    }
}
