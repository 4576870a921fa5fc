package dev.tidemark.policy;

import java.util.List;

/** A text is no policy. Its message has a line for each fault: {@code line 7: …}, in the order of the file. */
public final class InvalidPolicyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    InvalidPolicyException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** The lines of the message. */
    public List<String> faults() {
        return faults;
    }
}
