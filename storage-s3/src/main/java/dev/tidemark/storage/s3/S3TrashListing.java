package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.objects.KeyCut;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.KeyOrder;
import dev.tidemark.storage.objects.TrashKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Lists the trash of a registry in a bucket. Others may restore or purge what is in it meanwhile. */
final class S3TrashListing {

    private final Calls calls;
    private final BucketPages pages;
    private final KeyListing listing;
    private final BucketCopies objects;
    private final TrashKeys keys;

    S3TrashListing(Calls calls, BucketPages pages, KeyListing listing, BucketCopies objects, TrashKeys keys) {
        this.calls = calls;
        this.pages = pages;
        this.listing = listing;
        this.objects = objects;
        this.keys = keys;
    }

    /** The runs that have a trash, the latest first. */
    List<RunId> runs() {
        return calls.answer("list", "the trash", () -> {
            List<RunId> runs = new ArrayList<>();
            pages.each(pages.of(keys.top()).delimiter("/").build(), page -> {
                page.commonPrefixes()
                        .forEach(group -> RunId.parse(group.prefix()
                                        .substring(
                                                keys.top().length(),
                                                group.prefix().length() - 1))
                                .ifPresent(runs::add));
                return true;
            });
            return runs.stream().sorted(Comparator.reverseOrder()).toList();
        });
    }

    /** Hands out the files of a run whose keys have a prefix, page by page. */
    void files(RunId run, String prefix, Consumer<Trashed> to) {
        // Asked for only where there is a file: most directories have none in the trash.
        List<Long> lastTaken = new ArrayList<>(1);
        pages.each(pages.of(prefix).build(), page -> {
            BucketPages.objects(page).forEach(object -> {
                TrashKeys.Name name = keys.name(run, object.key());
                if (name != null) {
                    if (lastTaken.isEmpty()) {
                        lastTaken.add(lastTaken(run));
                    }
                    long since = Math.max(object.stat().modified(), lastTaken.getFirst());
                    to.accept(new Trashed(run, name.path(), object.stat().size(), name.modified(), since));
                }
            });
            return true;
        });
    }

    private long lastTaken(RunId run) {
        return objects.look(TrashKeys.PLACE, keys.taken(run))
                .map(object -> BucketCopies.stat(TrashKeys.PLACE, object).modified())
                .orElse(0L);
    }

    /** Whether a run has no file in the trash: neither a copy nor a list of old versions. */
    boolean empty(RunId run) {
        boolean[] any = {false};
        pages.each(pages.of(keys.of(run)).build(), page -> {
            any[0] = BucketPages.objects(page).stream()
                    .map(KeyListing.Object::key)
                    .anyMatch(key -> key.startsWith(keys.versions(run)) || keys.name(run, key) != null);
            return !any[0];
        });
        return !any[0];
    }

    /** The keys in the trash of some paths, which lie beside each other most of the time. */
    List<String> keys(RunId run, Set<String> paths) {
        List<String> all = paths.stream().sorted(KeyOrder.BYTES).toList();
        String after = keys.file(run, all.getFirst());
        String upTo = keys.file(run, all.getLast()) + KeyCut.HIGHEST;
        return listing.between(keys.of(run), after, upTo).stream()
                .map(KeyListing.Object::key)
                .filter(key -> {
                    TrashKeys.Name name = keys.name(run, key);
                    return name != null && paths.contains(name.path());
                })
                .toList();
    }
}
