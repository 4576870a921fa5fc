package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.LayerLink;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TagsRecord.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells of each subject in a repository whether it is gone, and since when that is known.
 *
 * <p>A subject is gone if the repository has held it, does not any more, and the storage does not have it either, be it
 * in another repository. That a repository has held it, an earlier run says, or the history of a tag, or the directory
 * that the registry's API leaves of a manifest. When it went nobody can tell: the run that first finds it gone writes
 * that down, and its time counts.
 */
public final class SubjectReader implements SubjectSource {

    private final RunId run;
    private final long asked;
    private final LongSupplier now;
    private final Function<String, Optional<KnownSubject>> earlier;
    private final Predicate<Digest> stored;
    private final Duration renewal;
    private final Map<String, KnownSubject> updates = new HashMap<>();

    /**
     * @param asked when the run was asked for, in ms since the epoch. Nothing that it records is of a later time
     * @param now asked when the run has looked, in ms since the epoch: its request may have waited, and so may the look
     * @param earlier the subjects that earlier runs have seen, by their keys
     * @param stored whether the storage has a blob; it throws if that can't be told
     * @param renewal the age of what an earlier run has seen from which on it is written anew
     */
    public SubjectReader(
            RunId run,
            long asked,
            LongSupplier now,
            Function<String, Optional<KnownSubject>> earlier,
            Predicate<Digest> stored,
            Duration renewal) {
        this.run = run;
        this.asked = asked;
        this.now = now;
        this.earlier = earlier;
        this.stored = stored;
        this.renewal = renewal;
    }

    @Override
    public Map<Digest, Subject> read(Found found) {
        Set<Digest> named = found.tags().subjects();
        Set<Digest> held = among(named, found.revisions().stream().map(Revision::digest));
        Set<Digest> linked = among(named, found.layers().stream().map(LayerLink::digest));
        Map<Digest, Subject> subjects = new HashMap<>();
        for (Digest digest : named) {
            String key = KnownSubject.key(found.repository(), digest);
            Optional<KnownSubject> known = earlier.apply(key);
            Optional<String> seen =
                    known.map(record -> "a run has seen here what it refers to").or(() -> trace(found, digest));
            if (held.contains(digest)) {
                subjects.put(digest, there(key, known, "the repository has what it refers to"));
            } else if (seen.isEmpty()) {
                subjects.put(digest, new Subject(null, "nothing says that what it refers to was ever here"));
            } else {
                subjects.put(
                        digest,
                        kept(found, digest, linked)
                                .map(why -> there(key, known, why))
                                .orElseGet(() -> gone(key, known, seen.get())));
            }
        }
        return subjects;
    }

    private static Set<Digest> among(Set<Digest> some, Stream<Digest> all) {
        return all.filter(some::contains).collect(Collectors.toSet());
    }

    /** The trace of a manifest that was there, as the storage shows it, in words. */
    private static Optional<String> trace(Found found, Digest digest) {
        return found.tags().past(digest).stream()
                .min(String::compareTo)
                .map(tag -> tag + " has named what it refers to")
                .or(() -> found.left().contains(digest)
                        ? Optional.of("a directory is left of what it refers to")
                        : Optional.empty());
    }

    /** Why a subject does not count as gone that the repository does not hold. */
    private Optional<String> kept(Found found, Digest digest, Set<Digest> linked) {
        if (!found.tags().naming(digest).isEmpty()) {
            return Optional.of(found.tags().naming(digest).getFirst() + " names what it refers to");
        }
        if (found.tags().inUnreadable().contains(digest)) {
            return Optional.of("a tag that can't be read may name what it refers to");
        }
        if (linked.contains(digest)) {
            return Optional.of("the repository links what it refers to");
        }
        return stored.test(digest) ? Optional.of("the storage has what it refers to") : Optional.empty();
    }

    private Subject there(String key, Optional<KnownSubject> known, String why) {
        update(key, known, null);
        return new Subject(null, why);
    }

    private Subject gone(String key, Optional<KnownSubject> known, String seen) {
        long since = known.map(KnownSubject::gone).orElseGet(now::getAsLong);
        update(key, known, since);
        return new Subject(Math.min(since, asked), seen);
    }

    private void update(String key, Optional<KnownSubject> known, Long gone) {
        boolean news = known.filter(record ->
                        Objects.equals(record.gone(), gone) && !record.run().olderThan(renewal, run))
                .isEmpty();
        if (news) {
            updates.put(key, new KnownSubject(run, gone));
        }
    }

    @Override
    public Map<String, KnownSubject> updates() {
        return updates;
    }
}
