package dev.tidemark.cli.command;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.util.Optional;

/** The line of a summary that says what the trash of a bucket costs, in requests. */
final class TrashAdvice {

    private TrashAdvice() {}

    /** Empty if the trash costs nothing, nobody wants one, or nothing is eligible. */
    static Optional<String> of(Storage storage, TrashRetention retention, Run run) {
        Totals totals = run.totals();
        if (totals == null || retention.keep().isEmpty()) {
            return Optional.empty();
        }
        long files = totals.eligible().count() + totals.eligibleManifests() + totals.eligibleLayerLinks();
        if (files == 0) {
            return Optional.empty();
        }
        Optional<Trash> trash = storage.trash();
        if (trash.isEmpty()) {
            return Optional.of("This storage has no trash: a sweep deletes at once, and nothing can be brought back.");
        }
        return trash.map(Trash::way).flatMap(way -> {
            long requests = files * way.requestsPerFile();
            return switch (way) {
                case MOVE -> Optional.empty();
                case OLD_VERSION -> Optional.of(versions(requests));
                case COPY -> Optional.of(retention.asked() ? costs(requests) : none(requests));
            };
        });
    }

    private static String versions(long requests) {
        return "This bucket keeps what a sweep deletes as old versions: they are the trash, and a purge destroys them. "
                + "A sweep looks at each file before, which costs one request more a file, here about "
                + Units.number(requests) + ".";
    }

    private static String costs(long requests) {
        return "In this bucket a sweep copies each file to the trash before it deletes it, which costs two requests "
                + "more a file, here about " + Units.number(requests) + ".";
    }

    private static String none(long requests) {
        return "In this bucket a sweep deletes at once: nothing can be brought back. With --keep-trash 24h it copies "
                + "each file to a trash first, which costs two requests more a file, here about "
                + Units.number(requests) + ".";
    }
}
