package dev.tidemark.evidence.policy;

/** The records of a run do not tell what another policy would have done. */
public final class NotToldException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotToldException(String run, String why) {
        super("what a policy would have deleted in the run " + run + " can't be told: " + why);
    }
}
