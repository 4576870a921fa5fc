package dev.tidemark.cli.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The files that a run has found in the storage, and their bytes: every file that is counted is in one of the parts.
 *
 * @param bytes the sum of the parts
 * @param links of revisions, layers and tags
 * @param histories links in the histories of tags; null if some were not read
 * @param uploads that were begun and not finished; null if nobody has looked
 * @param unknown files in no place where a registry has any
 * @param trash files that sweeps have taken out of the registry; null if they can't be listed
 * @param uncounted the parts that are null, in words
 * @param disk the file system that they are on; null in a bucket
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InStorage(
        long bytes,
        Tally blobs,
        Tally links,
        Tally histories,
        Tally uploads,
        Tally unknown,
        Tally trash,
        List<String> uncounted,
        Disk disk) {

    /**
     * A file system. What is in use on it adds up to the bytes that are counted, and the rest.
     *
     * @param rest bytes of directories, of blocks that are not full, and of all else that is on it; null if less is in
     *     use than was counted: then it compresses, or a part of the storage is on another one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Disk(long used, Long rest, long free) {

        private static Disk of(OtherFiles.Disk disk, long counted) {
            return disk == null
                    ? null
                    : new Disk(disk.used(), disk.used() < counted ? null : disk.used() - counted, disk.free());
        }
    }

    static InStorage of(Run run) {
        var enumerated = run.enumerated();
        OtherFiles others = enumerated.otherFiles();
        var blobs = new Tally(enumerated.blobs(), enumerated.bytes());
        Tally uploads = run.requested().options().leftovers() == null
                ? null
                : uploads(run.totals().leftovers());
        long bytes = Stream.of(blobs, others.links(), others.histories(), uploads, others.unknown(), others.trash())
                .filter(Objects::nonNull)
                .mapToLong(Tally::bytes)
                .sum();
        return new InStorage(
                bytes,
                blobs,
                others.links(),
                others.histories(),
                uploads,
                others.unknown(),
                others.trash(),
                uncounted(others, uploads),
                Disk.of(others.disk(), bytes));
    }

    private static Tally uploads(Totals.Leftovers found) {
        return Stream.of(found.kept(), found.eligible())
                .map(Map::entrySet)
                .flatMap(kinds -> kinds.stream().filter(kind -> kind.getKey() == Kind.UPLOAD))
                .map(Map.Entry::getValue)
                .reduce(Tally.NONE, Tally::plus);
    }

    private static List<String> uncounted(OtherFiles others, Tally uploads) {
        List<String> words = new ArrayList<>();
        if (others.histories() == null) {
            words.add("the histories of tags, which --delete-untagged and --policy read");
        }
        if (uploads == null) {
            words.add("unfinished uploads, which --leftovers looks at");
        }
        if (others.trash() == null) {
            words.add("the trash, which can't be listed");
        }
        return words;
    }
}
