package dev.tidemark.sweeper.delete;

import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Multipart uploads in memory. */
final class BegunParts implements Multiparts {

    final Map<Begun, Parts> all = new LinkedHashMap<>();
    final List<String> aborted = new ArrayList<>();
    final Map<String, StorageException> failures = new LinkedHashMap<>();

    @Override
    public List<Begun> all() {
        return List.copyOf(all.keySet());
    }

    @Override
    public List<Begun> of(String path) {
        return all.keySet().stream().filter(begun -> begun.path().equals(path)).toList();
    }

    @Override
    public Optional<Parts> parts(Begun upload) {
        return Optional.ofNullable(all.get(upload));
    }

    @Override
    public Map<String, StorageException> abort(Collection<String> names, BooleanSupplier allowed) {
        aborted.addAll(names);
        all.keySet().removeIf(begun -> names.contains(begun.name()) && !failures.containsKey(begun.name()));
        return failures;
    }
}
