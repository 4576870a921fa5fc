package dev.tidemark.storage.objects;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The version of each object (an ETag, a generation) as it was last looked at, of the latest that were. With it a
 * deletion takes nothing that was written anew since then.
 */
public final class LastSeen {

    /** A sweep looks at some thousands, and deletes them. */
    private static final int MOST = 1 << 16;

    private static final String ABSENT = "";

    private final Map<String, String> versions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    /** An object was looked at by itself: whoever is to delete it decides by that. */
    public synchronized void looked(String key, String version) {
        versions.remove(key);
        versions.put(key, version);
    }

    /** An object was listed. That changes nothing for a deletion that was decided on by a look before. */
    public synchronized void listed(String key, String version) {
        versions.putIfAbsent(key, version);
    }

    /** There was no object when it was looked for: one that comes later is not the one that was to go. */
    public synchronized void absent(String key) {
        looked(key, ABSENT);
    }

    /** It is deleted, or not the one any more: the next deletion needs a look of its own. */
    public synchronized void forget(String key) {
        versions.remove(key);
    }

    /** The version that a key had; empty if it was not looked at, or not there, or too many others were since. */
    public synchronized Optional<String> of(String key) {
        return Optional.ofNullable(versions.get(key)).filter(version -> !version.equals(ABSENT));
    }

    /** Whether there was no object at the last look: there is nothing to delete. The next deletion looks anew. */
    public synchronized boolean forgetAbsent(String key) {
        return versions.remove(key, ABSENT);
    }

    /**
     * An object that is to be taken, if it is the one of the last look; empty if there is none, or was none then.
     *
     * @param look at it now, which is noted as the last one
     * @param written the failure to throw if it was written since
     */
    public Optional<CopyingBucket.Version> unchanged(
            String key, Supplier<Optional<CopyingBucket.Version>> look, Supplier<? extends RuntimeException> written) {
        if (forgetAbsent(key)) {
            return Optional.empty();
        }
        Optional<String> before = of(key);
        Optional<CopyingBucket.Version> now = look.get();
        if (before.isPresent() && now.isPresent() && !now.get().version().equals(before.get())) {
            throw written.get();
        }
        return now;
    }
}
