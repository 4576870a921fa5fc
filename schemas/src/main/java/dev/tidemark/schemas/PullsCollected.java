package dev.tidemark.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * From when on no pull was missed, as far as sweepers can tell: the record of the topic {@code pulls.collected}. All
 * its times are ms since the epoch by their clocks, and only ever grow. A registry that tells of no pulls can't be told
 * from one without any, so silence counts as a gap, too, if it is long.
 *
 * @param topic the id of the topic {@code pulls}: of one that is made anew nothing is known
 * @param since when the last gap was over. It counts from the first pull after that
 * @param ready when a sweeper last was ready to take events
 * @param pulled when one last heard of a pull; 0 if none ever has
 */
public record PullsCollected(String topic, long since, long ready, long pulled) {

    /** The key of its record. */
    public static final String KEY = "pulls";

    /** How long no sweeper may be ready: the registry holds its events for so long, if it is not restarted. */
    public static final Duration LONGEST_ABSENCE = Duration.ofHours(1);

    /** How long nobody may pull anything: over a long weekend nobody does, where people alone pull. */
    public static final Duration LONGEST_SILENCE = Duration.ofDays(4);

    public PullsCollected {
        Fields.require(topic);
    }

    /** Before any sweeper was ready. */
    public static PullsCollected none(String topic) {
        return new PullsCollected(topic, 0, 0, 0);
    }

    /** The knowledge of several sweepers together. */
    public PullsCollected and(PullsCollected other) {
        return other.topic.equals(topic)
                ? new PullsCollected(
                        topic,
                        Math.max(since, other.since),
                        Math.max(ready, other.ready),
                        Math.max(pulled, other.pulled))
                : this;
    }

    /** The same, once a sweeper is ready. */
    public PullsCollected ready(Instant at) {
        long now = at.toEpochMilli();
        boolean gap = now - ready > LONGEST_ABSENCE.toMillis();
        return new PullsCollected(topic, gap ? Math.max(since, now) : since, Math.max(ready, now), pulled);
    }

    /** The same, once a sweeper that is ready has heard of a pull. */
    public PullsCollected pulled(Instant at) {
        long now = at.toEpochMilli();
        boolean first = pulled < since || now - pulled > LONGEST_SILENCE.toMillis();
        return new PullsCollected(topic, first ? Math.max(since, now) : since, ready, Math.max(pulled, now));
    }

    /**
     * From when on every pull is known, in ms since the epoch; empty if that can't be said now.
     *
     * @param in the id of the topic {@code pulls}
     * @param kept how long a pull is remembered
     */
    public OptionalLong known(Instant at, String in, Duration kept) {
        long now = at.toEpochMilli();
        return !topic.equals(in)
                        || pulled < since
                        || now - ready > LONGEST_ABSENCE.toMillis()
                        || now - pulled > LONGEST_SILENCE.toMillis()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(since, now - kept.toMillis()));
    }
}
