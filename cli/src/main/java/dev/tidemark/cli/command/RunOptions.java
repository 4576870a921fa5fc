package dev.tidemark.cli.command;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.service.settings.Leftovers;
import dev.tidemark.service.settings.PolicyFile;
import dev.tidemark.storage.config.UploadPurging;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a command that say what a run is asked to do. */
final class RunOptions {

    @Option(
            names = {"-d", "--dry-run"},
            order = 1,
            showDefaultValue = Visibility.NEVER,
            description = "say what would be deleted, and delete nothing")
    private boolean dryRun;

    @Option(
            names = {"-m", "--delete-untagged"},
            order = 2,
            showDefaultValue = Visibility.NEVER,
            description = "delete manifests that no tag names, too")
    private boolean deleteUntagged;

    @Option(
            names = "--policy",
            order = 3,
            paramLabel = "FILE",
            description = "delete the tags and untagged manifests that this policy lets go (docs/policies.md)")
    private Path policy;

    @Option(
            names = "--min-age",
            order = 4,
            paramLabel = "DURATION",
            defaultValue = "24h",
            converter = DurationConverter.class,
            description =
                    "keep whatever is younger: 24h, 7d, 1h30m; 0 only for a registry that is stopped or read-only")
    private Duration minAge;

    @Option(
            names = "--leftovers",
            order = 5,
            paramLabel = "DURATION",
            converter = LeftoversConverter.class,
            description =
                    "also delete what was left behind, and is older: uploads that nobody has gone on with, links to "
                            + "manifests that are not there, empty directories and repositories; off leaves it alone "
                            + "(default: as config.yml lets the registry purge uploads, 7d at least; off where it "
                            + "doesn't, or isn't known)")
    private Leftovers leftovers;

    @Option(
            names = "--keep-dangling",
            order = 5,
            showDefaultValue = Visibility.NEVER,
            description = "leave tags and other links alone whose manifest is not there, however long, and all that is "
                    + "beside them in their repositories: it may come back from a backup")
    private boolean keepDangling;

    @Option(
            names = "--max-delete",
            order = 6,
            paramLabel = "PERCENT",
            defaultValue = "75",
            converter = Numbers.Percentage.class,
            description =
                    "wait for approval if more of the blobs is eligible, by number or by bytes, or more of the tags; "
                            + "below 100 also if a repository would lose all its tags")
    private int maxDelete;

    @Option(
            names = "--repair",
            order = 8,
            showDefaultValue = Visibility.NEVER,
            description =
                    "write every layer link again that a live manifest needs and that is not there, while its blob "
                            + "is; without this, those that an earlier sweep has deleted")
    private boolean repair;

    private UploadPurging purging = UploadPurging.unknown();

    /** Reads {@link Durations#parse}. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Reads {@link Leftovers#asked}. */
    static final class LeftoversConverter implements ITypeConverter<Leftovers> {
        @Override
        public Leftovers convert(String text) {
            try {
                return Leftovers.asked(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage() + ", or off");
            }
        }
    }

    /** Says what the registry does with uploads: that counts where nobody says what the run is to do. */
    void unlessAsked(UploadPurging ofRegistry) {
        purging = ofRegistry;
    }

    Options at(Instant now) {
        return new Options(
                now.minus(minAge).toEpochMilli(),
                deleteUntagged,
                dryRun,
                leftovers().age().map(age -> now.minus(age).toEpochMilli()).orElse(null));
    }

    Leftovers leftovers() {
        return leftovers != null ? leftovers : Leftovers.by(purging);
    }

    boolean keepDangling() {
        return keepDangling;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** The policy, if one is named: its file is read now. */
    Optional<PolicyText> policy() {
        return Optional.ofNullable(policy).map(PolicyFile::read);
    }

    /** Whether manifests may be deleted that repositories hold. */
    boolean deletesManifests() {
        return deleteUntagged || policy != null;
    }

    boolean repair() {
        return repair;
    }

    int maxDelete() {
        return maxDelete;
    }

    /** The options that a run is made again with, as they are typed; not how much it may delete. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (deleteUntagged) {
            words.add("--delete-untagged");
        }
        if (policy != null) {
            words.addAll(List.of("--policy", policy.toString()));
        }
        words.addAll(List.of("--min-age", Durations.text(minAge)));
        if (leftovers != null) {
            words.addAll(List.of("--leftovers", leftovers.text()));
        }
        if (keepDangling) {
            words.add("--keep-dangling");
        }
        if (repair) {
            words.add("--repair");
        }
        return words;
    }
}
