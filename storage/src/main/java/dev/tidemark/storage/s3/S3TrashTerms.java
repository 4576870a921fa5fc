package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash.Terms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;

/**
 * The object beside a run's trash that says how long it is kept, and when it was made: {@code PT24H 1764385200000}, a
 * duration in ISO 8601 and ms since the epoch.
 */
final class S3TrashTerms {

    /** The time for which a run's files are kept if nothing says it any more. */
    private static final Duration IN_DOUBT = Duration.ofDays(1);

    private final Requests requests;
    private final String bucket;
    private final TrashKeys keys;

    S3TrashTerms(Requests requests, String bucket, TrashKeys keys) {
        this.requests = requests;
        this.bucket = bucket;
        this.keys = keys;
    }

    /**
     * Writes the time that a run asks for. A longer one that is there stays, and so does the time when it was made.
     *
     * @param now the time by the storage's clock
     */
    void write(RunId run, Duration keep, LongSupplier now) {
        Optional<Terms> before = read(run);
        if (before.filter(there -> there.keep().compareTo(keep) >= 0).isEmpty()) {
            long made = before.isPresent() ? before.get().made() : now.getAsLong();
            requests.answer(
                    "write",
                    TrashKeys.PLACE,
                    client -> client.putObject(
                            request -> request.bucket(bucket).key(keys.keep(run)),
                            AsyncRequestBody.fromString(keep + " " + made)));
        }
    }

    Terms of(RunId run) {
        return read(run)
                .orElseGet(() -> new Terms(IN_DOUBT, run.time().minus(IN_DOUBT).toEpochMilli()));
    }

    private Optional<Terms> read(RunId run) {
        try {
            String[] words = requests.answer(
                            "read",
                            TrashKeys.PLACE,
                            client -> client.getObject(
                                    request -> request.bucket(bucket).key(keys.keep(run)),
                                    AsyncResponseTransformer.toBytes()))
                    .asString(StandardCharsets.UTF_8)
                    .strip()
                    .split(" ");
            return words.length == 2
                    ? Optional.of(new Terms(Duration.parse(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (NotThereException | DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
