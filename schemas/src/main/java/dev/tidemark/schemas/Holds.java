package dev.tidemark.schemas;

import dev.tidemark.schemas.Hold.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Many holds, to be asked what they are of. */
public final class Holds {

    private final Map<String, List<Hold>> ofRepositories = new HashMap<>();
    private final Map<RepositoryGlob, Hold> ofPatterns = new LinkedHashMap<>();
    private final Map<Digest, Hold> ofBytes = new LinkedHashMap<>();
    private final Map<Digest, Hold> anywhere = new LinkedHashMap<>();
    private final Set<Named> named = new HashSet<>();
    private final List<Subject.OfTag> ofTags = new ArrayList<>();

    private record Named(String repository, Digest digest) {}

    public Holds(List<Hold> holds) {
        for (Hold hold : holds) {
            switch (hold.subject()) {
                case Subject.OfDigest of -> {
                    anywhere.put(of.digest(), hold);
                    ofBytes.put(of.digest(), hold);
                }
                case Subject.OfManifest of -> {
                    ofBytes.putIfAbsent(of.digest(), hold);
                    add(of.repository(), of.digest(), hold);
                }
                case Subject.OfTag of -> {
                    ofTags.add(of);
                    add(of.repository(), hold.digest(), hold);
                }
                case Subject.OfRepositories of -> ofPatterns.put(of.glob(), hold);
            }
        }
    }

    private void add(String repository, Digest digest, Hold hold) {
        ofRepositories.computeIfAbsent(repository, name -> new ArrayList<>()).add(hold);
        if (digest != null) {
            named.add(new Named(repository, digest));
        }
    }

    /** Those of a digest, wherever it is. */
    public Map<Digest, Hold> anywhere() {
        return anywhere;
    }

    /** Those of something in a repository. */
    public List<Hold> in(String repository) {
        var in = new ArrayList<>(ofRepositories.getOrDefault(repository, List.of()));
        ofPatterns.forEach((pattern, hold) -> {
            if (pattern.matches(repository)) {
                in.add(hold);
            }
        });
        return in;
    }

    /**
     * The digests whose bytes are held, whatever links them, with the hold of each. A tag is none: it may have moved,
     * and holds what it names by its manifest.
     */
    public Map<Digest, Hold> bytes() {
        return ofBytes;
    }

    /** The tags that are held: what each names now is to be looked up. */
    public List<Subject.OfTag> tags() {
        return ofTags;
    }

    /** Whether a repository's manifest or layer link is held; by its tag, if that named it when the hold was made. */
    public boolean names(String repository, Digest digest) {
        return anywhere.containsKey(digest)
                || named.contains(new Named(repository, digest))
                || ofPatterns.keySet().stream().anyMatch(pattern -> pattern.matches(repository));
    }
}
