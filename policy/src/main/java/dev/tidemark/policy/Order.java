package dev.tidemark.policy;

import java.util.Comparator;
import java.util.Locale;

/** By what the newest of some tags are found. What is equal is told apart by the name. */
enum Order {
    /** When the current link was last written. */
    TIME(Comparator.comparingLong(Tag::pushed)),

    /** The version that the name is. What is equal by it is told apart by the time first. */
    SEMVER(Comparator.<Tag, SemanticVersion>comparing(
                    tag -> SemanticVersion.of(tag.name()).orElseThrow())
            .thenComparingLong(Tag::pushed)),

    /** The name, letter by letter. */
    NAME(Comparator.comparing(Tag::name));

    private final Comparator<Tag> newestFirst;

    /** @param older which of two is older */
    Order(Comparator<Tag> older) {
        newestFirst = older.thenComparing(Tag::name).reversed();
    }

    /** As it is written in a policy. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Comparator<Tag> newestFirst() {
        return newestFirst;
    }

    boolean compares(Tag tag) {
        return this != SEMVER || SemanticVersion.of(tag.name()).isPresent();
    }
}
