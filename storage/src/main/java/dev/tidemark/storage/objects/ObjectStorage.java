package dev.tidemark.storage.objects;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.RootFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A registry in a bucket. There are no directories in it, only keys: a path that has keys below it counts as a
 * directory.
 */
public abstract class ObjectStorage implements Storage {

    /** A request waits for its answer most of the time. */
    public static final int CALLS_AT_ONCE = 64;

    /** No client's token, and no proxy, lets one request last that long. */
    private static final Duration UNSEEN_WRITES = Duration.ofDays(2);

    /** A name with this behind it is greater than every key below the name as a directory. */
    private static final char AFTER_SLASH = '/' + 1;

    private final Bucket bucket;
    private final RootPrefix root;
    private final String description;
    private final String identity;
    private final Calls calls;
    private final KeyListing listing;

    /**
     * @param description of the bucket and what is before its keys, as {@link Storage#description} says
     * @param server that has the bucket
     * @param calls that its calls are made through
     */
    protected ObjectStorage(Bucket bucket, RootPrefix root, String description, String server, Calls calls) {
        this.bucket = bucket;
        this.root = root;
        this.description = description;
        this.identity = description + " at " + server;
        this.calls = calls;
        listing = new KeyListing(bucket, CALLS_AT_ONCE);
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

    /** An object is there when all of it is: the parts of it that are written are in no listing. */
    @Override
    public Duration unseenWrites() {
        return UNSEEN_WRITES;
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public List<Child> children(String directory) {
        return calls.answer("list", directory, () -> {
            List<Child> children = new ArrayList<>();
            bucket.children(
                    prefix(directory),
                    name -> children.add(new Child(name, Type.DIRECTORY)),
                    name -> children.add(new Child(name, Type.FILE)));
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
        return calls.answer("list", directory, () -> bucket.count(prefix(directory), limit));
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
        String key = root.key(path);
        // One of these is not there, most of the time.
        return calls.answer("look at", path, () -> RootFiles.are(path) ? bucket.listed(key) : bucket.look(path, key));
    }

    @Override
    public Tally files(String path) {
        Tally files = calls.answer("look at", path, () -> bucket.listed(root.key(path)))
                .map(stat -> Tally.NONE.plus(stat.size()))
                .orElse(Tally.NONE);
        // There may be more of them than the memory holds.
        var order = bucket.order(null);
        String token = null;
        do {
            String from = token;
            KeyListing.Page page = calls.answer("list", path, () -> bucket.get(prefix(path), null, from));
            order.page(page.keys());
            for (KeyListing.Object object : page.objects()) {
                files = files.plus(object.stat().size());
            }
            token = page.next();
        } while (token != null);
        return files;
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        return calls.content(path, () -> bucket.open(path, root.key(path)), content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> bucket.delete(List.copyOf(some), allowed));
    }

    /** A link that the registry writes between the look and this has the same content. */
    @Override
    public boolean link(String path, Digest target) {
        if (stat(path).isPresent()) {
            return false;
        }
        return calls.answer("write", path, () -> {
            bucket.write(path, root.key(path), target.text());
            return true;
        });
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
        bucket.close();
    }

    private String prefix(String directory) {
        return root.base() + directory + "/";
    }
}
