package dev.tidemark.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The calls of a storage. A driver makes each of them through here: it is tried again, a few times and ever later, when
 * the storage does not answer. A failure that is settled stays one: a client that tries again by itself has done so by
 * then.
 */
public final class Calls {

    private final List<Duration> pauses;
    private final Patience patience = new Patience();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final LongAdder retries = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();

    /** A call that is not answered yet. */
    private static final class UnderWay {

        private final String verb;
        private final String path;
        private final long since = System.nanoTime();

        UnderWay(String verb, String path) {
            this.verb = verb;
            this.path = path;
        }
    }

    /** Four more tries within two seconds. */
    public Calls() {
        this(List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(1200)));
    }

    /**
     * @param pauses before each further try, in order
     */
    public Calls(List<Duration> pauses) {
        this.pauses = List.copyOf(pauses);
    }

    /**
     * The answer to a call.
     *
     * @param verb the action on the path, for messages
     * @throws StorageException if there is none
     */
    public <T> T answer(String verb, String path, Supplier<T> call) {
        return underWay(verb, path, () -> retrying(call));
    }

    /**
     * Reads a file's content by the given function. A content that fails on its way is read again from its beginning.
     *
     * @param open empty if there is no such file
     */
    public <T> Optional<T> content(String path, Supplier<Optional<InputStream>> open, Storage.Content<T> content) {
        return answer("read", path, () -> {
            Optional<InputStream> opened = open.get();
            if (opened.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = new Heard(opened.get())) {
                return Optional.of(content.of(in));
            } catch (IOException e) {
                throw new StorageException("cannot read " + path + ": " + e.getMessage(), e);
            }
        });
    }

    /**
     * Deletes files, together at first. A file that is not deleted, and may be later, is then tried again by itself.
     *
     * @param delete says for each file why it is not deleted
     * @return why not, for each that could not be deleted
     */
    public Map<String, StorageException> deletions(
            Collection<String> paths, Function<Collection<String>, Map<String, StorageException>> delete) {
        Map<String, StorageException> failures = new LinkedHashMap<>();
        Map<String, StorageException> firstTry =
                paths.isEmpty() ? Map.of() : underWay("delete", paths.iterator().next(), () -> delete.apply(paths));
        firstTry.forEach((path, failure) -> {
            if (failure.settled() || pauses.isEmpty()) {
                countFailed(failure);
                failures.put(path, failure);
                return;
            }
            retries.increment();
            try {
                answer("delete", path, () -> {
                    for (StorageException again : delete.apply(List.of(path)).values()) {
                        throw again;
                    }
                    return null;
                });
            } catch (StorageException e) {
                failures.put(path, e);
            }
        });
        return failures;
    }

    /** Counts a part of an answer, so that a long one is not taken for one that does not come. */
    public void heard() {
        answers.increment();
    }

    /**
     * Counts a request that a call takes.
     *
     * @param again whether it was sent before, and there was no answer
     */
    public void sent(String operation, boolean again) {
        requests.computeIfAbsent(operation, name -> new LongAdder()).increment();
        if (again) {
            retries.increment();
        }
    }

    /** How many requests were sent, by operation; empty where the storage takes none. */
    public Map<String, Long> requests() {
        Map<String, Long> sums = new TreeMap<>();
        requests.forEach((operation, sum) -> sums.put(operation, sum.sum()));
        return sums;
    }

    /** How many calls and requests were tried again. */
    public long retries() {
        return retries.sum();
    }

    /** How many calls failed for good. */
    public long errors() {
        return errors.sum();
    }

    /**
     * Grows with whatever the storage says, in the middle of a long call too, and with every try that it doesn't
     * answer.
     */
    public long headway() {
        return answers.sum()
                + errors.sum()
                + retries.sum()
                + requests.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /**
     * The call that has waited longest for the end of its answer, such as "3 s ago to list blobs"; empty if none does.
     */
    public Optional<String> awaited() {
        return awaited(Duration.ZERO);
    }

    /** The same, if it has waited that long. */
    public Optional<String> awaited(Duration atLeast) {
        long before = System.nanoTime() - atLeast.toNanos();
        return underWay.stream()
                .filter(call -> call.since - before <= 0)
                .min(Comparator.comparingLong(call -> call.since))
                .map(call -> "%d s ago to %s %s"
                        .formatted(
                                Duration.ofNanos(System.nanoTime() - call.since).toSeconds(), call.verb, call.path));
    }

    private <T> T underWay(String verb, String path, Supplier<T> call) {
        var one = new UnderWay(verb, path);
        underWay.add(one);
        try {
            return call.get();
        } finally {
            underWay.remove(one);
        }
    }

    private <T> T retrying(Supplier<T> call) {
        for (Duration pause : patience.left() ? pauses : List.<Duration>of()) {
            try {
                return answered(call.get());
            } catch (StorageException e) {
                if (e.settled()) {
                    countFailed(e);
                    throw e;
                }
                retries.increment();
                pause(pause, e);
            }
        }
        try {
            return answered(call.get());
        } catch (StorageException e) {
            countFailed(e);
            if (!e.settled()) {
                patience.inVain();
            }
            throw e;
        }
    }

    /** That nobody wants it any more, or that it would delete something else, is no error of the storage. */
    private void countFailed(StorageException failure) {
        if (!(failure instanceof NotAllowedException)
                && !(failure instanceof WrittenAgainException)
                && !(failure.settled() && Thread.currentThread().isInterrupted())) {
            errors.increment();
        }
    }

    private <T> T answered(T answer) {
        answers.increment();
        patience.answered();
        return answer;
    }

    private static void pause(Duration pause, StorageException failure) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    /** A content: each part of it that comes is headway. */
    private final class Heard extends FilterInputStream {

        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            heard();
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = super.read(buffer, from, length);
            heard();
            return read;
        }
    }
}
