package dev.tidemark.evidence.audit;

/** Somebody alters the records of a run. */
interface Alteration {

    /** Whether there was something to alter. */
    boolean done();
}
