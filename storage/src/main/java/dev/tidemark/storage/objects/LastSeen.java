package dev.tidemark.storage.objects;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The version of each object (an ETag, a generation) as it was last looked at, of the latest that were. With it a
 * deletion takes nothing that was written anew since then.
 */
public final class LastSeen {

    /** A sweep looks at some thousands, and deletes them. */
    private static final int MOST = 1 << 16;

    private final Map<String, String> versions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    public synchronized void put(String key, String version) {
        versions.remove(key);
        versions.put(key, version);
    }

    /** The version that a key had; empty if it was not looked at, or too many others since. */
    public synchronized Optional<String> of(String key) {
        return Optional.ofNullable(versions.get(key));
    }
}
