package dev.tidemark.storage.objects;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash.Trashed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Lists a trash of copies in a bucket. Others may restore or purge what is in it meanwhile. */
final class CopiesListing {

    private final Calls calls;
    private final Bucket bucket;
    private final TrashKeys keys;
    private final KeyListing pagesAtOnce;

    CopiesListing(Calls calls, Bucket bucket, TrashKeys keys) {
        this.calls = calls;
        this.bucket = bucket;
        this.keys = keys;
        pagesAtOnce = new KeyListing(bucket, ObjectStorage.CALLS_AT_ONCE);
    }

    /** The runs that have a trash, the latest first. */
    List<RunId> runs() {
        return calls.answer("list", "the trash", () -> {
            List<RunId> runs = new ArrayList<>();
            bucket.children(keys.top(), name -> RunId.parse(name).ifPresent(runs::add), name -> {});
            return runs.stream().sorted(Comparator.reverseOrder()).toList();
        });
    }

    /** Hands out the files of a run whose keys have a prefix, page by page. */
    void files(RunId run, String prefix, Consumer<Trashed> to) {
        // Asked for only where there is a file: most directories have none in the trash.
        List<Long> lastTaken = new ArrayList<>(1);
        var order = bucket.order(null);
        String token = null;
        do {
            String from = token;
            KeyListing.Page page = calls.answer("list", "the trash", () -> bucket.get(prefix, null, from));
            order.page(page.keys());
            for (KeyListing.Object object : page.objects()) {
                TrashKeys.Name name = keys.name(run, object.key());
                if (name != null) {
                    if (lastTaken.isEmpty()) {
                        lastTaken.add(lastTaken(run));
                    }
                    long since = Math.max(object.stat().modified(), lastTaken.getFirst());
                    to.accept(new Trashed(run, name.path(), object.stat().size(), name.modified(), since));
                }
            }
            token = page.next();
        } while (token != null);
    }

    private long lastTaken(RunId run) {
        return calls.answer(
                "look at",
                "the trash",
                () -> bucket.look(TrashKeys.PLACE, keys.taken(run))
                        .map(Storage.Stat::modified)
                        .orElse(0L));
    }

    /** The keys in the trash of some paths, which lie beside each other most of the time. */
    List<String> keys(RunId run, Set<String> paths) {
        if (paths.isEmpty()) {
            return List.of();
        }
        List<String> all = paths.stream().sorted(KeyOrder.BYTES).toList();
        String after = keys.file(run, all.getFirst());
        String upTo = keys.file(run, all.getLast()) + KeyCut.HIGHEST;
        return pagesAtOnce.between(keys.of(run), after, upTo).stream()
                .map(KeyListing.Object::key)
                .filter(key -> {
                    TrashKeys.Name name = keys.name(run, key);
                    return name != null && paths.contains(name.path());
                })
                .toList();
    }

    /** Whether a run has no file in the trash. */
    boolean empty(RunId run) {
        String token = null;
        do {
            KeyListing.Page page = bucket.get(keys.of(run), null, token);
            if (page.keys().stream().anyMatch(key -> keys.name(run, key) != null)) {
                return false;
            }
            token = page.next();
        } while (token != null);
        return true;
    }
}
