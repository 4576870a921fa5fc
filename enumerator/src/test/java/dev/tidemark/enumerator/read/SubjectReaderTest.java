package dev.tidemark.enumerator.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.LayerLink;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.enumerator.read.SubjectSource.Found;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A repository with one tag of referrers, and what is known of its subject. */
class SubjectReaderTest {

    private static final Digest SUBJECT = Algorithm.SHA256.of(new byte[] {1});
    private static final Digest SIGNATURE = Algorithm.SHA256.of(new byte[] {2});
    private static final String KEY = "app@" + SUBJECT;
    private static final RunId RUN = new RunId("20260110-000000");
    private static final RunId YESTERDAY = new RunId("20260109-000000");
    private static final RunId LONG_AGO = new RunId("20251201-000000");
    private static final long ASKED = RUN.time().toEpochMilli();
    /** The request has waited. */
    private static final long NOW = ASKED + 5_000;

    private final Map<String, KnownSubject> known = new HashMap<>();
    private final Set<Digest> stored = new HashSet<>();
    private final Set<Digest> left = new HashSet<>();
    private final Set<Digest> inUnreadable = new HashSet<>();
    private final Map<Digest, List<String>> current = new HashMap<>(Map.of(SIGNATURE, List.of("signature")));
    private final Map<Digest, List<String>> history = new HashMap<>();
    private List<Revision> revisions = List.of();
    private List<LayerLink> links = List.of();
    private Map<String, KnownSubject> updates;

    @Test
    void oneThatTheRepositoryHoldsIsWrittenDown() {
        hold();

        assertThat(subject()).isEqualTo(new Subject(null, "the repository has what it refers to"));
        assertThat(updates).isEqualTo(Map.of(KEY, new KnownSubject(RUN, null)));
    }

    @Test
    void oneThatWasNeverThereIsNot() {
        assertThat(subject()).isEqualTo(new Subject(null, "nothing says that what it refers to was ever here"));
        assertThat(updates).isEmpty();
    }

    @Test
    void oneThatAnEarlierRunHasSeenIsGoneFromNowOn() {
        known.put(KEY, new KnownSubject(YESTERDAY, null));

        assertThat(subject()).isEqualTo(new Subject(ASKED, "a run has seen here what it refers to"));
        assertThat(updates).isEqualTo(Map.of(KEY, new KnownSubject(RUN, NOW)));
    }

    @Test
    void oneThatAnEarlierRunFoundGoneIsGoneSinceThen() {
        known.put(KEY, new KnownSubject(YESTERDAY, 7L));

        assertThat(subject()).isEqualTo(new Subject(7L, "a run has seen here what it refers to"));
        assertThat(updates).as("nothing new").isEmpty();
    }

    /** A run that is asked for before that, or by a slow clock, does not make it any older. */
    @Test
    void itsTimeCountsFromTheLookThatFoundItGone() {
        known.put(KEY, new KnownSubject(YESTERDAY, NOW));

        assertThat(subject().gone()).isEqualTo(ASKED);
        assertThat(updates).as("nothing new").isEmpty();
    }

    @Test
    void aRowThatNobodyHasSeenForLongIsWrittenAnew() {
        known.put(KEY, new KnownSubject(LONG_AGO, 7L));

        assertThat(subject().gone()).isEqualTo(7);
        assertThat(updates).isEqualTo(Map.of(KEY, new KnownSubject(RUN, 7L)));
    }

    @Test
    void oneThatIsBackIsNotGone() {
        known.put(KEY, new KnownSubject(YESTERDAY, 7L));
        hold();

        assertThat(subject().gone()).isNull();
        assertThat(updates).isEqualTo(Map.of(KEY, new KnownSubject(RUN, null)));
    }

    @Test
    void aTagThatHasNamedItSaysThatItWasThere() {
        history.put(SUBJECT, List.of("v2", "v1"));

        assertThat(subject()).isEqualTo(new Subject(ASKED, "v1 has named what it refers to"));
        assertThat(updates).isEqualTo(Map.of(KEY, new KnownSubject(RUN, NOW)));
    }

    @Test
    void soDoesADirectoryThatIsLeftOfIt() {
        left.add(SUBJECT);

        assertThat(subject()).isEqualTo(new Subject(ASKED, "a directory is left of what it refers to"));
    }

    @Test
    void oneDoesNotCountAsGoneThatTheStorageHasOrThatSomethingNames() {
        known.put(KEY, new KnownSubject(YESTERDAY, 7L));

        stored.add(SUBJECT);
        assertThat(subject()).isEqualTo(new Subject(null, "the storage has what it refers to"));
        assertThat(updates).as("its time counts anew").isEqualTo(Map.of(KEY, new KnownSubject(RUN, null)));
        links = List.of(new LayerLink(SUBJECT, 0, null, false));
        assertThat(subject()).isEqualTo(new Subject(null, "the repository links what it refers to"));
        inUnreadable.add(SUBJECT);
        assertThat(subject()).isEqualTo(new Subject(null, "a tag that can't be read may name what it refers to"));
        current.put(SUBJECT, List.of("v1"));
        assertThat(subject()).isEqualTo(new Subject(null, "v1 names what it refers to"));
    }

    @Test
    void otherTagsHaveNoSubject() {
        assertThat(read("sha256-" + SUBJECT.hex() + ".other")).isEmpty();
        assertThat(read("v1")).isEmpty();
    }

    /** As a link whose manifest is not there: whatever it is, it is not gone. */
    private void hold() {
        revisions = List.of(new Revision(SUBJECT, 0, false, new Link.Own(), new Content.Missing()));
    }

    private Subject subject() {
        Map<Digest, Subject> subjects = read("sha256-" + SUBJECT.hex() + ".sig");
        assertThat(subjects).containsOnlyKeys(SUBJECT);
        return subjects.get(SUBJECT);
    }

    private Map<Digest, Subject> read(String tag) {
        var reader = new SubjectReader(
                RUN,
                ASKED,
                () -> NOW,
                key -> Optional.ofNullable(known.get(key)),
                stored::contains,
                Duration.ofDays(15));
        var tags = new TagFacts(
                1,
                current,
                history,
                List.of(new Tag(tag, SIGNATURE, 0, null, List.of(), null, null, null)),
                inUnreadable,
                false);
        Map<Digest, Subject> subjects = reader.read(new Found("app", tags, revisions, left, links));
        updates = reader.updates();
        return subjects;
    }
}
