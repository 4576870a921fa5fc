package dev.tidemark.cli.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The leftovers of a registry, by kind, with the bytes of their files or parts: uploads that were begun and not
 * finished, multipart uploads of a bucket, links to manifests that are not there, empty directories, and repositories
 * that have nothing else.
 *
 * @param age how old they have to be to be deleted
 * @param kept those that are not
 * @param eligible those that are
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LeftBehind(String age, Map<Kind, Tally> kept, Map<Kind, Tally> eligible) {

    /** Null if nothing was found, or nobody has looked. */
    static LeftBehind of(Run run) {
        Totals.Leftovers found = run.totals().leftovers();
        RunRecord.Requested requested = run.requested();
        Long before = requested.options().leftovers();
        return before == null || found.equals(Totals.Leftovers.NONE)
                ? null
                : new LeftBehind(
                        Durations.text(Duration.ofMillis(requested.at() - before)),
                        new TreeMap<>(found.kept()),
                        new TreeMap<>(found.eligible()));
    }
}
