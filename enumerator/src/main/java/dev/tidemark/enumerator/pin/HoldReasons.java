package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Hold.Subject;
import dev.tidemark.schemas.Holds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says what somebody holds of a repository, and of the blobs: in words, or null for what nobody does. */
final class HoldReasons {

    private final Map<Digest, String> digests = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private final Map<Digest, Hold> anywhere;
    private String everything;

    private HoldReasons(Map<Digest, Hold> anywhere) {
        this.anywhere = anywhere;
    }

    /**
     * Of a repository: a tag holds what it names now or, if it is gone, what it named when the hold was made.
     *
     * @param anywhere the digests that are held wherever they are
     */
    static HoldReasons of(RepositoryFacts facts, List<Hold> holds, Map<Digest, Hold> anywhere) {
        var held = new HoldReasons(anywhere);
        List<Hold> here = new Holds(holds).in(facts.name());
        Map<String, Digest> named =
                here.stream().anyMatch(hold -> hold.subject() instanceof Subject.OfTag) ? named(facts) : Map.of();
        here.forEach(hold -> held.add(hold, named));
        return held;
    }

    /** By tag, the manifest that it names, of those that the repository holds. */
    private static Map<String, Digest> named(RepositoryFacts facts) {
        Map<String, Digest> named = new HashMap<>();
        for (Revision revision : facts.revisions()) {
            facts.tags().naming(revision.digest()).forEach(tag -> named.put(tag, revision.digest()));
        }
        return named;
    }

    /** Of blobs, whatever links them. */
    static HoldReasons bytes(List<Hold> holds) {
        var held = new HoldReasons(Map.of());
        new Holds(holds).bytes().forEach((digest, hold) -> held.digests.put(digest, hold.words()));
        return held;
    }

    private void add(Hold hold, Map<String, Digest> named) {
        switch (hold.subject()) {
            case Subject.OfDigest anywhere -> {
                // By its bytes.
            }
            case Subject.OfManifest manifest -> digests.putIfAbsent(manifest.digest(), hold.words());
            case Subject.OfTag tag -> {
                tags.putIfAbsent(tag.tag(), hold.words());
                Digest digest = named.getOrDefault(tag.tag(), hold.digest());
                if (digest != null) {
                    digests.putIfAbsent(digest, hold.words());
                }
            }
            case Subject.OfRepositories some -> everything = everything != null ? everything : hold.words();
        }
    }

    String why(Digest digest) {
        return digests.getOrDefault(digest, everything);
    }

    /** Of a tag, whether what it names is there or not. */
    String why(String tag) {
        return tags.getOrDefault(tag, everything);
    }

    /** Of a digest by which a tag is called, or that it is named for. */
    String whyTag(Digest digest) {
        String why = why(digest);
        Hold hold = anywhere.get(digest);
        return why != null || hold == null ? why : hold.words();
    }
}
