package dev.tidemark.schemas;

import java.util.List;

/**
 * The tags that a policy lets go in a run.
 *
 * @param tags how many
 * @param emptied how many repositories lose all that they have, but for those of referrers
 * @param first the first {@value #LISTED} of those
 * @param most the repository that loses the largest share, of those that lose {@value #MANY} tags or more, those of
 *     referrers left out; null if none does
 */
public record TagsGoing(long tags, long emptied, List<String> first, Share most) {

    public static final TagsGoing NONE = new TagsGoing(0, 0, List.of(), null);

    /** How many repositories are named. */
    public static final int LISTED = 20;

    /** A repository of a few tags may lose most of them by a good policy: those that lose fewer are not compared. */
    public static final int MANY = 10;

    public TagsGoing {
        first = first == null ? List.of() : List.copyOf(first);
    }

    /**
     * A repository's part.
     *
     * @param going how many tags it loses, those of referrers left out
     * @param tags how many it has, in the same way
     */
    public record Share(String repository, long going, long tags) {

        public Share {
            Fields.require(repository);
        }

        public double percent() {
            return 100.0 * going / tags;
        }
    }
}
