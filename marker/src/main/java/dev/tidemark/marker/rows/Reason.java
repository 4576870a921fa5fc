package dev.tidemark.marker.rows;

/** A reason for which a digest is live. It can have several; together they don't depend on the order of arrival. */
public enum Reason {
    /** Its manifest is named by a tag's current link. */
    TAGGED("tagged"),
    /** Its manifest is a root because every manifest is one in this run. */
    UNTAGGED_ROOT("untagged manifest, kept in a run without --delete-untagged"),
    /** Something live references it. */
    REFERENCED("referenced"),
    /** Conservative marking keeps it. */
    PINNED("kept conservatively"),
    /** Somebody holds it. */
    HELD("held"),
    /** A policy keeps it, though no tag names it. */
    KEPT_BY_POLICY("kept by the policy"),
    YOUNG_MANIFEST("young manifest"),
    YOUNG_LINK("young layer link"),
    YOUNG_BLOB("young blob");

    private static final Reason[] SPARING = {PINNED, HELD, KEPT_BY_POLICY, YOUNG_MANIFEST, YOUNG_LINK, YOUNG_BLOB};
    private static final int ROOTED = TAGGED.bit() | UNTAGGED_ROOT.bit() | REFERENCED.bit();

    private final String words;

    Reason(String words) {
        this.words = words;
    }

    public int bit() {
        return 1 << ordinal();
    }

    public String words() {
        return words;
    }

    /** The reason that alone spares the digest, if none that would keep it in every run does; else null. */
    public static Reason sparing(int reasons) {
        if ((reasons & ROOTED) != 0) {
            return null;
        }
        for (Reason reason : SPARING) {
            if ((reasons & reason.bit()) != 0) {
                return reason;
            }
        }
        return null;
    }
}
