package dev.tidemark.storage.gcs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The generations of objects at the last looks at them. What was looked at and then written again has another one by
 * the time that it is to be deleted, and stays.
 */
final class Generations {

    /** More than all sweepers of a process look at before they delete it. */
    private static final int MOST = 50_000;

    private final Map<String, Long> seen = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    synchronized void seen(GcsObject object) {
        // Last in the order again.
        seen.remove(object.name());
        seen.put(object.name(), object.generation());
    }

    /** Empty of what nobody has looked at, or not for long. */
    synchronized OptionalLong of(String name) {
        Long generation = seen.get(name);
        return generation == null ? OptionalLong.empty() : OptionalLong.of(generation);
    }
}
