package dev.tidemark.policy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Tags that name a manifest of their own name, at a time before now. */
final class TestTags {

    static final long NOW = 1_780_000_000_000L;

    /** When the first pull was seen. */
    static final long LONG_AGO = NOW - Duration.ofDays(800).toMillis();

    private TestTags() {}

    static Digest digest(String of) {
        return Algorithm.SHA256.of(of.getBytes(StandardCharsets.UTF_8));
    }

    static Tag tag(String name, Duration ago) {
        return new Tag(name, digest(name), NOW - ago.toMillis(), List.of());
    }

    static Tag pulled(Tag tag, int daysAgo) {
        return pulledAt(tag, NOW - Duration.ofDays(daysAgo).toMillis());
    }

    /** The same at a time in ms since the epoch. */
    static Tag pulledAt(Tag tag, long at) {
        return new Tag(tag.name(), tag.digest(), tag.pushed(), at, tag.history(), tag.held(), tag.subject());
    }

    static Tag tag(String name, int daysAgo) {
        return tag(name, Duration.ofDays(daysAgo));
    }
}
