package dev.tidemark.storage.s3;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.RootFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * A registry in a bucket (distribution's {@code s3} driver). There are no directories in it, only keys: a path that has
 * keys below it counts as a directory.
 */
public final class S3Storage implements Storage {

    /** A request waits for its answer most of the time. */
    private static final int CALLS_AT_ONCE = 64;

    /** A name with this behind it is greater than every key below the name as a directory. */
    private static final char AFTER_SLASH = '/' + 1;

    private final String bucket;
    private final String base;
    private final String description;
    private final String identity;
    private final S3Failures failures;
    private final Calls calls;
    private final Requests requests;
    private final BucketPages pages;
    private final KeyListing listing;
    private final S3Deletions deletions;
    private final Trash trash;

    private S3Storage(StorageSettings.S3 settings, S3Client.Limits limits, Calls calls) {
        this.calls = calls;
        bucket = settings.bucket();
        base = base(settings.rootDirectory());
        description = "s3://" + bucket + "/" + prefixOfRoot().replaceAll("/$", "");
        identity = description + " at " + BucketIdentity.server(settings);
        failures = new S3Failures(settings);
        var patience = new Patience();
        requests = new Requests(S3Client.of(settings, calls, patience, limits), failures, patience);
        pages = new BucketPages(requests, bucket, base);
        listing = new KeyListing(pages, CALLS_AT_ONCE);
        deletions = new S3Deletions(requests, failures, bucket, base);
        trash = trash(BucketCopies.SIZES);
    }

    /** The prefix of all keys, as the driver joins its root directory and a path ({@code s3Path} in s3.go). */
    private static String base(String rootDirectory) {
        String root = rootDirectory.replaceAll("/+$", "");
        return (root + "/" + Layout.BASE + "/").replaceAll("^/+", "");
    }

    /**
     * Opens the storage of a registry.
     *
     * @param calls that its calls are made through
     * @throws StorageException if the bucket can't be listed, or holds no registry
     */
    public static S3Storage open(StorageSettings.S3 settings, Calls calls) {
        return open(settings, false, calls);
    }

    /**
     * @param mayBeEmpty whether a bucket will do with nothing at all in it
     * @param calls that its calls are made through
     */
    public static S3Storage open(StorageSettings.S3 settings, boolean mayBeEmpty, Calls calls) {
        return open(settings, mayBeEmpty, S3Client.LIMITS, calls);
    }

    /**
     * @param limits of each try of a request
     */
    static S3Storage open(StorageSettings.S3 settings, boolean mayBeEmpty, S3Client.Limits limits, Calls calls) {
        var storage = new S3Storage(settings, limits, calls);
        try {
            storage.requireRegistry(mayBeEmpty);
            return storage;
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private void requireRegistry(boolean mayBeEmpty) {
        // One of which all is in the trash is a registry, too.
        if (pages.count(base, null, 1) == 0
                && pages.count(TrashKeys.in(prefixOfRoot()).top(), null, 1) == 0
                && !(mayBeEmpty && pages.count("", null, 1) == 0)) {
            throw StorageException.settled(
                    description + " has no object below " + base
                            + ": it is not the storage of a registry (bucket, rootdirectory)",
                    null);
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public int parallelism() {
        return CALLS_AT_ONCE;
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public List<Child> children(String directory) {
        String prefix = prefix(directory);
        return calls.answer("list", directory, () -> {
            List<Child> children = new ArrayList<>();
            pages.each(pages.of(prefix).delimiter("/").build(), page -> {
                page.commonPrefixes()
                        .forEach(below -> children.add(new Child(
                                below.prefix()
                                        .substring(
                                                prefix.length(), below.prefix().length() - 1),
                                Type.DIRECTORY)));
                page.contents().stream()
                        .map(object -> object.key().substring(prefix.length()))
                        .filter(name -> !name.isEmpty())
                        .forEach(name -> children.add(new Child(name, Type.FILE)));
                return true;
            });
            return children;
        });
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        listed(directory).leaves(directory, leaf, to);
    }

    @Override
    public void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
        if (directories.size() == 1) {
            Storage.super.leaves(parent, directories, leaf, to);
            return;
        }
        String prefix = prefix(parent);
        String last = prefix + directories.getLast() + AFTER_SLASH;
        var all = new ListedDirectory(
                this,
                parent,
                prefix,
                calls.answer(
                        "list", parent, () -> listing.between(prefix, prefix + directories.getFirst() + "/", last)));
        for (String name : directories) {
            all.leaves(parent + "/" + name, leaf, found -> to.accept(name, found));
        }
    }

    @Override
    public int count(String directory, int limit) {
        return calls.answer("list", directory, () -> pages.count(prefix(directory), "/", limit));
    }

    @Override
    public Listing listed(String directory) {
        String prefix = prefix(directory);
        // Where the revisions are listed with the tags: none of them after a tag (RepositoryReader says why).
        Optional<String> cut =
                directory.endsWith("/" + Layout.MANIFESTS) ? Optional.of(prefix + "tags/") : Optional.empty();
        return new ListedDirectory(
                this, directory, prefix, calls.answer("list", directory, () -> listing.list(prefix, cut)));
    }

    @Override
    public Optional<Stat> stat(String path) {
        return calls.answer("look at", path, () -> {
            if (RootFiles.are(path)) { // Not there, most of the time: a listing says so in one request.
                return pages.listed(key(path));
            }
            try {
                HeadObjectResponse head = requests.answer(
                        "look at",
                        path,
                        client -> client.headObject(
                                request -> request.bucket(bucket).key(key(path))));
                return Optional.of(BucketPages.stat(path, head.contentLength(), head.lastModified(), head.eTag()));
            } catch (NotThereException e) {
                // The answer to a look has no words: a bucket that is gone, or something before the server, answers
                // "not found" just the same.
                return pages.listed(key(path));
            }
        });
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        return calls.content(path, () -> requests.open(path, bucket, key(path), null), content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> deletions.deleteAll(List.copyOf(some), allowed));
    }

    /** A link that the registry writes between the look and this has the same content. */
    @Override
    public boolean link(String path, Digest target) {
        if (stat(path).isPresent()) {
            return false;
        }
        return calls.answer("write", path, () -> {
            requests.answer(
                    "write",
                    path,
                    client -> client.putObject(
                            request -> request.bucket(bucket).key(key(path)),
                            AsyncRequestBody.fromBytes(target.text())));
            return true;
        });
    }

    @Override
    public Optional<Trash> trash() {
        return Optional.of(trash);
    }

    /** @param sizes how much is copied in a request */
    S3Trash trash(BucketCopies.Sizes sizes) {
        return new S3Trash(calls, requests, failures, pages, listing, sizes, bucket, prefixOfRoot(), base);
    }

    @Override
    public void prune(String directory, String notIncluding) {
        // A directory is gone with its last key.
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
        throw new IllegalArgumentException("a bucket has no links: " + linkOutOfRoot);
    }

    @Override
    public void close() {
        requests.close();
    }

    private String prefix(String directory) {
        return base + directory + "/";
    }

    private String key(String path) {
        return RootFiles.are(path) ? prefixOfRoot() + path.substring(1) : base + path;
    }

    /** What the keys of the storage root begin with. */
    private String prefixOfRoot() {
        return base.substring(0, base.length() - Layout.BASE.length() - 1);
    }
}
