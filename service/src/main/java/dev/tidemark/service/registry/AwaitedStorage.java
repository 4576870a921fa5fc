package dev.tidemark.service.registry;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.OtherFiles.Disk;
import dev.tidemark.schemas.Tally;
import dev.tidemark.service.settings.InvalidSettingsException;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** A storage that is opened when it is first needed, and tried again each time until it can be. */
final class AwaitedStorage implements Storage {

    private final String name;
    private final Function<Calls, Storage> opening;
    private final Calls calls = new Calls();
    private volatile Storage storage;

    AwaitedStorage(String name, Function<Calls, Storage> opening) {
        this.name = name;
        this.opening = opening;
    }

    private Storage storage() {
        Storage known = storage;
        return known != null ? known : calls.answer("open", "the storage", this::opened);
    }

    private synchronized Storage opened() {
        if (storage == null) {
            try {
                storage = opening.apply(calls);
            } catch (InvalidSettingsException e) {
                // A failure that the storage itself has tried for long enough stays settled.
                throw e.getCause() instanceof StorageException cause ? cause : new StorageException(e.getMessage(), e);
            }
        }
        return storage;
    }

    @Override
    public List<Child> children(String directory) {
        return storage().children(directory);
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        storage().leaves(directory, leaf, to);
    }

    @Override
    public void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
        storage().leaves(parent, directories, leaf, to);
    }

    @Override
    public int count(String directory, int limit) {
        return storage().count(directory, limit);
    }

    @Override
    public Listing listed(String directory) {
        return storage().listed(directory);
    }

    @Override
    public int parallelism() {
        return storage().parallelism();
    }

    @Override
    public boolean rewritesByDeleting() {
        return storage().rewritesByDeleting();
    }

    @Override
    public Duration unseenWrites() {
        return storage().unseenWrites();
    }

    @Override
    public Optional<Stat> stat(String path) {
        return storage().stat(path);
    }

    @Override
    public Tally files(String path) {
        return storage().files(path);
    }

    @Override
    public Optional<Disk> disk() {
        return storage().disk();
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        return storage().read(path, content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        return storage().deleteAll(paths, allowed);
    }

    @Override
    public Optional<Multiparts> multiparts() {
        return storage().multiparts();
    }

    @Override
    public Optional<Trash> trash() {
        return storage().trash();
    }

    @Override
    public boolean link(String path, Digest target) {
        return storage().link(path, target);
    }

    @Override
    public void prune(String directory, String notIncluding) {
        storage().prune(directory, notIncluding);
    }

    @Override
    public Optional<Inside> inside(String directory, Collection<String> names) {
        return storage().inside(directory, names);
    }

    @Override
    public boolean removeEmpty(String directory) {
        return storage().removeEmpty(directory);
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
        return storage().mayHoldRepositories(linkOutOfRoot);
    }

    @Override
    public Calls calls() {
        return calls;
    }

    /** Does not wait for an opening that hangs. */
    @Override
    public void close() {
        Storage known = storage;
        if (known != null) {
            known.close();
        }
    }

    @Override
    public String identity() {
        return storage().identity();
    }

    @Override
    public String description() {
        Storage known = storage;
        return known == null ? name : known.description();
    }
}
