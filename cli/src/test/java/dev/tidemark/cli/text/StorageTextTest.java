package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.InStorage;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.run.TestRuns;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StorageTextTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Tally LINKS = new Tally(10, 710);
    private static final Tally HISTORIES = new Tally(3, 213);
    private static final Tally UNKNOWN = new Tally(1, 7);
    private static final Tally TRASH = new Tally(5, 5_000);
    private static final long COUNTED = 30_000 + 710 + 213 + 900 + 7 + 5_000;

    /** A dangling link is a link, too, and parts are no files. */
    @Test
    void theLinesAreTheSumAndTheRestIsInUseBesides() {
        Summary summary = summary(0L, LINKS, HISTORIES, TRASH, new OtherFiles.Disk(COUNTED + 8_000, 2_000_000));

        assertThat(summary.storage())
                .isEqualTo(new InStorage(
                        COUNTED,
                        new Tally(30, 30_000),
                        LINKS,
                        HISTORIES,
                        new Tally(3, 900),
                        UNKNOWN,
                        TRASH,
                        List.of(),
                        new InStorage.Disk(COUNTED + 8_000, 8_000L, 2_000_000)));
        assertThat(text(summary))
                .contains(
                        "Found in the storage: 36.8 kB",
                        "30.0 kB 30 blobs",
                        "710 B 10 links of manifests, layers and tags",
                        "213 B 3 links in the histories of tags",
                        "900 B 3 uploads begun and not finished",
                        "7 B 1 file where no registry has any: left alone",
                        "5.0 kB 5 files in the trash",
                        "8.0 kB more in use on its file system: directories, blocks that are not full, all else that is "
                                + "on it; 2.0 MB are free")
                .doesNotContain("not counted");
    }

    @Test
    void theTextSaysOfWhatNobodyHasReadThatItIsNotCounted() {
        Summary summary = summary(null, LINKS, null, null, null);

        assertThat(summary.storage().bytes()).isEqualTo(30_000 + 710 + 7);
        assertThat(text(summary))
                .contains("not counted: the histories of tags, which --delete-untagged and --policy read; unfinished "
                        + "uploads, which --leftovers looks at; the trash, which can't be listed")
                .doesNotContain("file system", "in the trash", "uploads begun");
    }

    @Test
    void aFileSystemThatCompressesHasNoRest() {
        Summary summary = summary(0L, LINKS, HISTORIES, TRASH, new OtherFiles.Disk(20_000, 2_000_000));

        assertThat(summary.storage().disk()).isEqualTo(new InStorage.Disk(20_000, null, 2_000_000));
        assertThat(text(summary)).contains("of its file system 20.0 kB are in use, and 2.0 MB are free");
    }

    private static String text(Summary summary) {
        return String.join(" ", SummaryText.of(summary, Screen.none().terminal()))
                .replaceAll("\\s+", " ");
    }

    private static Summary summary(Long leftovers, Tally links, Tally histories, Tally trash, OtherFiles.Disk disk) {
        Totals.Leftovers found = new Totals.Leftovers(
                Map.of(Kind.UPLOAD, new Tally(1, 300), Kind.LINK, new Tally(1, 71)),
                Map.of(Kind.UPLOAD, new Tally(2, 600), Kind.MULTIPART, new Tally(1, 5_000_000)));
        var totals = new Totals(
                new Tally(30, 30_000),
                Tally.NONE,
                null,
                0,
                0,
                0,
                0,
                0,
                null,
                0,
                null,
                null,
                null,
                leftovers == null ? null : found);
        return Summary.of(
                TestRuns.of(
                        new RunRecord.Requested(
                                RUN, 0, new Options(0, true, true, leftovers), 100, "test", null, null, null),
                        new RunRecord.Enumerated(
                                RUN,
                                "/var/lib/registry",
                                1,
                                7,
                                7,
                                0,
                                30,
                                30_000,
                                null,
                                null,
                                0,
                                Checksum.NONE,
                                DescriptorCache.UNKNOWN,
                                null,
                                null,
                                Fingerprint.NONE,
                                new OtherFiles(links, histories, UNKNOWN, trash, disk)),
                        new RunRecord.Decided(RUN, 0, 1, 2, totals, Checksum.NONE)),
                new Phases(Instant.now()),
                Aftermath.of(Optional.empty()));
    }
}
