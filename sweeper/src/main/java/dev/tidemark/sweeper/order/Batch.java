package dev.tidemark.sweeper.order;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Records that are deleted together: what the last look at the storage said of each, and which of their files are gone
 * since.
 */
public final class Batch {

    /** So often nothing may be gone, when it is looked again, before the rest is given up. */
    private static final int MOST_IN_VAIN = 5;

    /**
     * A tag, manifest, layer link, blob or leftover that is to be deleted.
     *
     * @param stillNamed whether an earlier record of this digest was spared or failed: its blob then stays
     * @param begun whether a try that was cut off may have deleted it
     */
    public record Candidate(Eligible eligible, boolean stillNamed, boolean begun) {}

    /** The result of a look at the storage for a candidate. */
    public sealed interface Look {

        record Spare(String why) implements Look {}

        /**
         * The storage could not be looked at, or did not delete.
         *
         * @param why as it is recorded
         * @param message of the storage, for the log
         */
        record Failure(String why, String message) implements Look {}

        /**
         * Delete it.
         *
         * @param there whether it was there
         * @param entries the files that name it, which go first
         * @param own its own file, or its directory, if it is empty
         */
        record Delete(boolean there, List<String> entries, String own) implements Look {}
    }

    /** A record, what became of it, and by what. */
    public record Done(Eligible eligible, DeletionRecord deletion, Look look) {}

    private final List<Candidate> candidates;
    /** How long the trash keeps them, in ms; null if they go to none. */
    private final Long keep;

    private final Look[] looks;
    private final Set<Digest> linked = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private int goneLastTime;
    private int inVain;

    /** @param keep how long the trash keeps what is deleted; empty if it goes to none */
    public Batch(List<Candidate> candidates, Optional<Duration> keep) {
        this.candidates = candidates;
        this.keep = keep.map(Duration::toMillis).orElse(null);
        looks = new Look[candidates.size()];
        candidates.stream()
                .map(Candidate::eligible)
                .filter(eligible -> eligible.kind() == Kind.MANIFEST || eligible.kind() == Kind.LAYER)
                .forEach(link -> linked.add(link.digest()));
    }

    /**
     * Makes a batch of records that follow each other.
     *
     * @param at what has become of the run's records before them
     * @param begun whether a try that was cut off may have deleted the record of that index
     * @param keep how long the trash keeps what is deleted; empty if it goes to none
     */
    public static Batch of(List<Eligible> records, PartitionProgress at, IntPredicate begun, Optional<Duration> keep) {
        Eligible first = records.getFirst();
        boolean firstStillNamed = at.stillNamed(first);
        List<Candidate> candidates = IntStream.range(0, records.size())
                .mapToObj(index -> {
                    Eligible eligible = records.get(index);
                    return new Candidate(
                            eligible, firstStillNamed && eligible.digest().equals(first.digest()), begun.test(index));
                })
                .toList();
        var batch = new Batch(candidates, keep);
        if (at.linked(first)) {
            batch.linked.add(first.digest());
        }
        return batch;
    }

    public Candidate candidate(int index) {
        return candidates.get(index);
    }

    /** Whether the run has a manifest or a layer link of that digest, too. */
    public boolean linked(Digest digest) {
        return linked.contains(digest);
    }

    /** The candidates of a kind. */
    public List<Integer> of(Kind kind) {
        return IntStream.range(0, looks.length)
                .filter(index -> candidate(index).eligible().kind() == kind)
                .boxed()
                .toList();
    }

    /** What the last look said of a candidate, or how its deletion failed; null before the first. */
    public Look look(int index) {
        return looks[index];
    }

    /** The candidates that are neither deleted, nor spared, nor given up. */
    public List<Integer> open() {
        return IntStream.range(0, looks.length).filter(this::isOpen).boxed().toList();
    }

    private boolean isOpen(int index) {
        return looks[index] == null
                || (looks[index] instanceof Look.Delete delete
                        && !(gone.contains(delete.own()) && gone.containsAll(delete.entries())));
    }

    /**
     * It is looked at again. If that has come to nothing too often, the storage takes longer than any claim holds, and
     * the rest has failed.
     */
    public void again() {
        inVain = gone.size() > goneLastTime ? 0 : inVain + 1;
        goneLastTime = gone.size();
        if (inVain > MOST_IN_VAIN) {
            var late = new Look.Failure(WhyKept.NO_ANSWER, "each look and deletion takes longer than a claim holds");
            open().forEach(index -> failed(index, late));
        }
    }

    public void seen(int index, Look look) {
        boolean wasThere = looks[index] instanceof Look.Delete before && before.there();
        looks[index] = look instanceof Look.Delete now
                ? new Look.Delete(wasThere || now.there(), now.entries(), now.own())
                : look;
    }

    /** Whether the last look said that it may go. */
    public boolean goes(int index) {
        return looks[index] instanceof Look.Delete;
    }

    public void failed(int index, Look.Failure failure) {
        looks[index] = failure;
    }

    /** The files that are still to go in a step, each with the candidates that it belongs to. */
    public Map<String, Set<Integer>> files(DeletionOrder step) {
        if (step == DeletionOrder.BLOBS) {
            spareNamedBlobs();
        }
        Map<String, Set<Integer>> owners = new LinkedHashMap<>();
        for (int i = 0; i < looks.length; i++) {
            if (candidate(i).eligible().kind() == step.kind() && looks[i] instanceof Look.Delete delete) {
                for (String file : step.files(delete)) {
                    if (!gone.contains(file)) {
                        owners.computeIfAbsent(file, path -> new HashSet<>()).add(i);
                    }
                }
            }
        }
        return owners;
    }

    /** The records whose own files a step may have deleted, by this try or one before it. */
    public List<Eligible> maybeGone(DeletionOrder step) {
        return IntStream.range(0, looks.length)
                .filter(index -> looks[index] instanceof Look.Delete || looks[index] instanceof Look.Failure)
                .mapToObj(index -> candidate(index).eligible())
                .filter(eligible -> step.takesOwn() && eligible.kind() == step.kind())
                .toList();
    }

    public void gone(String file) {
        gone.add(file);
    }

    /** A blob stays as long as something that names it does. */
    private void spareNamedBlobs() {
        Set<Digest> named = new HashSet<>();
        for (int i = 0; i < looks.length; i++) {
            if (candidate(i).eligible().kind() != Kind.BLOB && !(looks[i] instanceof Look.Delete)) {
                named.add(candidate(i).eligible().digest());
            }
        }
        for (int i = 0; i < looks.length; i++) {
            Eligible eligible = candidate(i).eligible();
            if (eligible.kind() == Kind.BLOB && looks[i] instanceof Look.Delete && named.contains(eligible.digest())) {
                looks[i] = new Look.Spare(WhyKept.STILL_NAMED);
            }
        }
    }

    /**
     * The outcomes of the candidates that are not open, in their order.
     *
     * @param at the time that is recorded, in milliseconds since 1970
     */
    public List<Done> done(long at) {
        List<Done> done = new ArrayList<>();
        for (int i = 0; i < looks.length; i++) {
            if (!isOpen(i)) {
                done.add(new Done(candidate(i).eligible(), deletion(candidate(i), looks[i], at), looks[i]));
            }
        }
        return done;
    }

    private DeletionRecord deletion(Candidate candidate, Look look, long at) {
        Eligible eligible = candidate.eligible();
        return switch (look) {
            case Look.Spare spare -> record(eligible, Outcome.SPARED, spare.why(), at);
            case Look.Failure failure -> record(eligible, Outcome.FAILED, failure.why(), at);
            case Look.Delete delete
            when delete.there() || candidate.begun() -> record(eligible, Outcome.DELETED, null, at);
            case Look.Delete delete -> record(eligible, Outcome.ALREADY_GONE, null, at);
        };
    }

    private DeletionRecord record(Eligible eligible, Outcome outcome, String why, long at) {
        boolean deleted = outcome == Outcome.DELETED;
        return new DeletionRecord(
                eligible.run(),
                eligible.kind(),
                eligible.digest(),
                eligible.repository(),
                eligible.tag(),
                eligible.path(),
                outcome,
                deleted ? eligible.bytes() : 0,
                why,
                deleted && eligible.kind().trashed() ? keep : null,
                at);
    }
}
