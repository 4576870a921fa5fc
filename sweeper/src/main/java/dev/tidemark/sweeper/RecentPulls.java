package dev.tidemark.sweeper;

import dev.tidemark.schemas.PullRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pulls of late, to write no more than one of each in an hour. For any thread. */
final class RecentPulls {

    /** Some tens of megabytes. A pull that is forgotten is written once more. */
    private static final int MOST = 100_000;

    /** By the key of the record, which hour it is of. */
    private final Map<String, Long> hours = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /** Those that were not written yet in their hour, each once. */
    synchronized List<PullRecord> fresh(Collection<PullRecord> pulls) {
        return pulls.stream()
                .distinct()
                .filter(pull -> !Long.valueOf(pull.at()).equals(hours.get(pull.key())))
                .toList();
    }

    /** They are on their topic. */
    synchronized void written(Collection<PullRecord> pulls) {
        pulls.forEach(pull -> hours.put(pull.key(), pull.at()));
    }
}
