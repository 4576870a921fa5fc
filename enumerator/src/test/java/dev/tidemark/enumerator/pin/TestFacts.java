package dev.tidemark.enumerator.pin;

import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Tally;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The facts of a repository with two manifests and two layer links in it, of which one of each may be made odd. */
final class TestFacts {

    /** The manifest, or the layer link, that may be odd. */
    static final Digest IT = digest("it");

    /** The manifest, or the layer link, beside it. */
    static final Digest BESIDE = digest("beside");

    /** A digest that the repository does not hold. */
    static final Digest ABSENT = digest("absent");

    static final Digest SUBJECT = digest("subject");

    /** Of a run without a policy. */
    static final RunPolicy NO_POLICY =
            new RunPolicy(Optional.empty(), 0, new Options(Long.MAX_VALUE, false, false), LastPulls.NONE, Map.of());

    static final Content UNDERSTOOD = new Content.Understood(
            7,
            "image",
            List.of(digest("config"), digest("layer")),
            Sizes.of(11, Sizes.UNKNOWN),
            List.of(digest("foreign")),
            SUBJECT,
            List.of());
    static final Content DOUBTFUL = new Content.Doubtful(8, "odd", "it is no JSON", Set.of(digest("named")));
    static final Content FORBIDDEN = new Content.Forbidden(9, "permission denied");
    static final Content MISSING = new Content.Missing();

    private final Map<Digest, List<String>> current = new HashMap<>();
    private final Set<Digest> inUnreadable = new HashSet<>();
    private boolean unreadableWithoutHistory;
    private boolean validName = true;
    private boolean unknownRevisions;
    private boolean unknownLayers;
    private Revision it = new Revision(IT, 1, false, new Link.Own(), UNDERSTOOD);
    private final Revision beside = new Revision(BESIDE, 2, false, new Link.Own(), UNDERSTOOD);
    private final List<Revision> more = new ArrayList<>();
    private LayerLink link = new LayerLink(IT, 3, null, false);

    static Digest digest(String text) {
        return Digest.Algorithm.SHA256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    TestFacts tag(String tag, Digest digest) {
        current.computeIfAbsent(digest, named -> new ArrayList<>()).add(tag);
        return this;
    }

    TestFacts unreadableTag(Digest... history) {
        inUnreadable.addAll(List.of(history));
        unreadableWithoutHistory |= history.length == 0;
        return this;
    }

    TestFacts invalidName() {
        validName = false;
        return this;
    }

    TestFacts unknownRevisions() {
        unknownRevisions = true;
        return this;
    }

    TestFacts unknownLayers() {
        unknownLayers = true;
        return this;
    }

    TestFacts content(Content content) {
        it = new Revision(IT, it.modified(), it.outOfRoot(), it.link(), content);
        return this;
    }

    TestFacts link(Link named) {
        it = new Revision(IT, it.modified(), it.outOfRoot(), named, it.content());
        return this;
    }

    TestFacts outOfRoot() {
        it = new Revision(IT, 0, true, new Link.Unreadable("it may not be read"), it.content());
        return this;
    }

    TestFacts layer(LayerLink layer) {
        link = layer;
        return this;
    }

    /** One more manifest, after those. */
    TestFacts and(Revision revision) {
        more.add(revision);
        return this;
    }

    RepositoryFacts facts() {
        List<Revision> revisions = new ArrayList<>(List.of(it, beside));
        revisions.addAll(more);
        var tags = new TagFacts(current.size(), current, Map.of(), List.of(), inUnreadable, unreadableWithoutHistory);
        return new RepositoryFacts(
                "app",
                validName,
                unknownRevisions,
                tags,
                revisions,
                unknownLayers,
                List.of(link, new LayerLink(BESIDE, 4, null, false)),
                List.of(),
                Map.of(),
                Tally.NONE,
                Tally.NONE);
    }
}
