package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachePurgeTest {

    private static final RunId RUN = new RunId("20260101-000000");

    private final AtomicLong now = new AtomicLong();
    private final List<List<Eligible>> forgotten = new ArrayList<>();
    private final CachePurge purge = new CachePurge(Optional.of(new ForgetfulCache(forgotten::add)), now::get);

    @Test
    void entriesAreRemovedAtOnceAndOnceMoreSecondsLater() {
        purge.forget(blobs("a"));
        purge.forget(blobs("b"));
        assertThat(forgotten).containsExactly(blobs("a"), blobs("b"));

        now.addAndGet(Duration.ofSeconds(10).toNanos());
        purge.forget(blobs("c"));
        assertThat(forgotten).containsExactly(blobs("a"), blobs("b"), blobs("a"), blobs("b"), blobs("c"));
    }

    @Test
    void theEndWaitsForTheSecondTime() throws InterruptedException {
        purge.finish();
        purge.forget(blobs("a"));
        now.addAndGet(Duration.ofSeconds(5).toNanos());

        purge.finish();
        purge.finish();
        assertThat(forgotten).containsExactly(blobs("a"), blobs("a"));
    }

    @Test
    void aRegistryWithoutACacheCostsNothing() throws InterruptedException {
        var without = new CachePurge(Optional.empty());

        without.forget(blobs("a"));
        without.finish();
    }

    @Test
    void aFailureSaysThatTheCacheIsStale() {
        var failing = new CachePurge(Optional.of(new ForgetfulCache(gone -> {
            throw new CacheException("Redis is away", null);
        })));

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> failing.forget(blobs("a")))
                .withMessageStartingWith("Redis is away (cache: stale; ");
    }

    /** A registry does not write a blob again that it remembers. */
    @Test
    void ofLeftoversOnlyADanglingRevisionIsRemembered() {
        Digest lost = digest("a");

        purge.forget(List.of(
                link(ManifestLink.current("v1")), link(ManifestLink.past("v1", lost)), upload("team/app", lost)));
        assertThat(forgotten).isEmpty();

        purge.forget(List.of(link(ManifestLink.revision(lost))));
        assertThat(forgotten)
                .singleElement(list(Eligible.class))
                .extracting(Eligible::kind, Eligible::repository, Eligible::digest)
                .containsExactly(tuple(Kind.MANIFEST, "team/app", lost), tuple(Kind.BLOB, null, lost));
    }

    private static Eligible link(ManifestLink link) {
        return leftover(Kind.LINK, "team/app", link.path());
    }

    private static Eligible upload(String repository, Digest id) {
        return leftover(Kind.UPLOAD, repository, Layout.uploadPath(id.hex()));
    }

    private static Eligible leftover(Kind kind, String repository, String path) {
        return new Eligible(
                RUN,
                kind,
                Layout.leftoverDigest(repository, path),
                repository,
                null,
                path,
                1,
                "test",
                0,
                List.of(),
                null);
    }

    private static List<Eligible> blobs(String digit) {
        return List.of(new Eligible(RUN, Kind.BLOB, digest(digit), null, null, 1, "test", 0, List.of(), null));
    }

    private static Digest digest(String digit) {
        return Digest.parse("sha256:" + digit.repeat(64));
    }
}
