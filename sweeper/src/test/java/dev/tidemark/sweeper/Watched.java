package dev.tidemark.sweeper;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A storage at which something happens before a file or the trash is looked at, and after a file is deleted. */
public class Watched implements Storage {

    private final Storage storage;
    public Consumer<String> beforeLook = path -> {};
    Runnable beforeTrash = () -> {};
    public Consumer<String> afterDeletion = path -> {};
    public Consumer<String> beforeRemoval = path -> {};
    public Multiparts multiparts;

    public Watched(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<Child> children(String directory) {
        return storage.children(directory);
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        storage.leaves(directory, leaf, to);
    }

    @Override
    public Optional<Multiparts> multiparts() {
        return Optional.ofNullable(multiparts);
    }

    @Override
    public Optional<Stat> stat(String path) {
        beforeLook.accept(path);
        return storage.stat(path);
    }

    @Override
    public Tally files(String path) {
        return storage.files(path);
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        return storage.read(path, content);
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failures = new LinkedHashMap<>();
        for (String path : paths) {
            Map<String, StorageException> failure = storage.deleteAll(List.of(path), allowed);
            failures.putAll(failure);
            if (failure.isEmpty()) {
                afterDeletion.accept(path);
            }
        }
        return failures;
    }

    @Override
    public boolean link(String path, Digest target) {
        return storage.link(path, target);
    }

    @Override
    public Optional<Trash> trash() {
        beforeTrash.run();
        return storage.trash();
    }

    @Override
    public void prune(String directory, String notIncluding) {
        storage.prune(directory, notIncluding);
    }

    @Override
    public Optional<Inside> inside(String directory, Collection<String> names) {
        return storage.inside(directory, names);
    }

    @Override
    public boolean removeEmpty(String directory) {
        beforeRemoval.accept(directory);
        return storage.removeEmpty(directory);
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
        return storage.mayHoldRepositories(linkOutOfRoot);
    }

    @Override
    public Calls calls() {
        return storage.calls();
    }

    @Override
    public String description() {
        return storage.description();
    }
}
