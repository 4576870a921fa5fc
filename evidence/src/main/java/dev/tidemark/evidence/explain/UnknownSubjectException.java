package dev.tidemark.evidence.explain;

import java.util.List;

/** A digest or tag that is to be explained is not known, or could be several. The message is one line. */
public final class UnknownSubjectException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> matches;

    UnknownSubjectException(String message) {
        this(message, List.of());
    }

    private UnknownSubjectException(String message, List<String> matches) {
        super(message);
        this.matches = List.copyOf(matches);
    }

    static UnknownSubjectException ambiguous(List<String> matches) {
        return new UnknownSubjectException("that could be any of " + matches.size() + ":", matches);
    }

    /** The digests and tags that could be meant; empty if none is known. */
    public List<String> matches() {
        return matches;
    }
}
