package dev.tidemark.policy;

import static java.util.stream.Collectors.toMap;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The order by which the newest of some tags are found. Tags that are equal by it are told apart by their names. */
enum Order {
    /** When the current link was last written. */
    TIME {
        @Override
        Comparator<Tag> older(List<Tag> tags) {
            return Comparator.comparingLong(Tag::pushed);
        }
    },

    /** The version that the name is. Tags of equal versions are told apart by the time first. */
    SEMVER {
        @Override
        boolean compares(Tag tag) {
            return SemanticVersion.of(tag.name()).isPresent();
        }

        @Override
        Comparator<Tag> older(List<Tag> tags) {
            Map<String, SemanticVersion> versions = tags.stream()
                    .collect(toMap(
                            Tag::name, tag -> SemanticVersion.of(tag.name()).orElseThrow()));
            return Comparator.<Tag, SemanticVersion>comparing(tag -> versions.get(tag.name()))
                    .thenComparingLong(Tag::pushed);
        }
    },

    /** The name, letter by letter. */
    NAME {
        @Override
        Comparator<Tag> older(List<Tag> tags) {
            return Comparator.comparing(Tag::name);
        }
    };

    /** Which of two of the tags is older. */
    abstract Comparator<Tag> older(List<Tag> tags);

    /** Whether a tag can be compared with others. */
    boolean compares(Tag tag) {
        return true;
    }

    /** The tags, which can all be compared, the newest first. */
    List<Tag> newestFirst(List<Tag> tags) {
        return tags.stream()
                .sorted(older(tags).thenComparing(Tag::name).reversed())
                .toList();
    }

    /** The tags, those first that were pushed or pulled last. Tags of the same time are told apart by their names. */
    static List<Tag> lastUsedFirst(List<Tag> tags) {
        return tags.stream()
                .sorted(Comparator.comparingLong(Tag::used)
                        .thenComparing(Tag::name)
                        .reversed())
                .toList();
    }

    /** As it is written in a policy. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
