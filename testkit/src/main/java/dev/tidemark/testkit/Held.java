package dev.tidemark.testkit;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.RunId;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the things that a registry holds, outside of any pack: a test's registry is a list of them.
 *
 * @param repository that holds it; null for a blob
 */
public record Held<E extends Entry>(String repository, E entry) {

    /** The entries of a record. A barrier has none. */
    public static List<Held<?>> in(EnumeratedRecord record) {
        return switch (record) {
            case Manifests pack -> all(pack.repository(), pack.manifests());
            case Blobs pack -> all(null, pack.blobs());
            case Layers pack ->
                Stream.of(pack.layers(), pack.leftovers())
                        .flatMap(entries -> all(pack.repository(), entries).stream())
                        .toList();
            case StartOfInput start -> List.of();
            case EndOfInput end -> List.of();
        };
    }

    private static List<Held<?>> all(String repository, List<? extends Entry> entries) {
        return entries.stream()
                .<Held<?>>map(entry -> new Held<>(repository, entry))
                .toList();
    }

    /** A record that carries all of these, which are of one kind and of one repository. */
    public static EnumeratedRecord pack(RunId run, List<? extends Held<?>> all) {
        String repository = all.getFirst().repository();
        return switch (all.getFirst().input()) {
            case MANIFESTS ->
                new Manifests(run, repository, entries(Manifest.class, all).toList());
            case BLOBS -> new Blobs(run, entries(Blob.class, all).toList());
            case LAYERS ->
                new Layers(
                        run,
                        repository,
                        entries(Layer.class, all).toList(),
                        entries(Leftover.class, all).toList());
        };
    }

    /** A record that carries this alone. */
    public EnumeratedRecord packed(RunId run) {
        return pack(run, List.of(this));
    }

    /** Those of one kind. */
    public static <E extends Entry> List<Held<E>> only(Class<E> kind, Collection<? extends Held<?>> all) {
        return all.stream()
                .filter(one -> kind.isInstance(one.entry()))
                .map(one -> new Held<>(one.repository(), kind.cast(one.entry())))
                .toList();
    }

    /** The entries of those of one kind. */
    public static <E extends Entry> Stream<E> entries(Class<E> kind, Collection<? extends Held<?>> all) {
        return only(kind, all).stream().map(Held::entry);
    }

    public Digest digest() {
        return entry.digest();
    }

    public Input input() {
        return entry.input();
    }
}
