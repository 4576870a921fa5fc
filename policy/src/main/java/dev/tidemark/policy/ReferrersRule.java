package dev.tidemark.policy;

import dev.tidemark.schemas.TagsRecord.Subject;

/**
 * A rule of a policy for the tags of referrers, such as signatures: how long one stays when its subject is gone.
 *
 * @param rule as users know it: {@code products, line 10: referrers}
 * @param orphanedAfter the time that one stays when its subject is gone, in ms
 */
record ReferrersRule(String rule, long orphanedAfter) {

    /** Of a tag of referrers that no policy lets go. */
    static final String STAYS = "it stays with the digest in its name";

    /** Decides on a tag: one whose subject is not known to be gone stays. */
    TagVerdict verdict(Tag tag, long now) {
        Subject subject = tag.subject();
        if (subject == null || subject.gone() == null) {
            return TagVerdict.kept(tag.name(), rule, subject == null ? STAYS : subject.why());
        }
        boolean pushedLater = tag.pushed() > subject.gone();
        long since = pushedLater ? tag.pushed() : subject.gone();
        boolean kept = now - since < orphanedAfter;
        return new TagVerdict(
                tag.name(),
                kept,
                rule,
                subject.why() + ", " + Times.age(pushedLater ? "pushed" : "found gone", since, now, orphanedAfter),
                kept ? Times.plus(since, orphanedAfter) : null);
    }
}
