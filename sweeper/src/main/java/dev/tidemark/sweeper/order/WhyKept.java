package dev.tidemark.sweeper.order;

/** The reasons for which the sweeper keeps an eligible record's files, in the words of the topic {@code deletions}. */
public final class WhyKept {

    public static final String YOUNG = "written again since the run began";
    public static final String RESCUED = "referenced again, held or pulled since the run began";
    public static final String TAGGED = "a tag names it again";
    public static final String MOVED = "the tag names another manifest by now";
    public static final String SUBJECT = "what it refers to is there again";
    public static final String NAMED_IS_THERE = "what it names is there again";
    public static final String TAG_UNREADABLE = "a tag that has named it can't be read";
    public static final String LINK_UNREADABLE = "it can't be read";
    public static final String INVALID = "its repository or tag has no valid name";
    public static final String HISTORY = "its history names a manifest that is there";
    public static final String NOT_EMPTY = "something is in it";
    public static final String AGELESS = "its age can't be told";
    public static final String STILL_NAMED = "something that names it was not deleted";
    public static final String NOT_APPROVED = "not in the dry run that was approved";

    public static final String REMEMBERED = "a manifest that the registry may remember until it is restarted";

    /** Of a deletion that failed, as the next one is. */
    public static final String FORBIDDEN = "permission denied, or behind a symbolic link";

    /** Of an upload whose deletion somebody has been quicker than. */
    public static final String RESUMED = "somebody went on with it while it was deleted: it is back";

    public static final String CUT_OFF = "somebody went on with it while it was deleted, and has to begin anew";

    public static final String NO_TRASH = "it can't be moved to the trash";
    public static final String NO_ANSWER = "the storage does not answer";

    /** Of a layer link that is missing, and that nobody has asked to write again. */
    public static final String NO_RECORDS = "what earlier sweeps have deleted can't be read";

    private WhyKept() {}
}
