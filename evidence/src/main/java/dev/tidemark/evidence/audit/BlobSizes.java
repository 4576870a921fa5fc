package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blobs that had another size, when the run looked, than a manifest says that it kept: images that can't be pulled, as
 * after a crash of the registry. A run is right about them all the same.
 */
final class BlobSizes {

    private static final int EXAMPLES = 5;

    private final Connection connection;
    private final Set<Digest> other = new HashSet<>();
    private final List<String> examples = new ArrayList<>();

    BlobSizes(Connection connection) {
        this.connection = connection;
    }

    /** @param said the sizes of what the manifest references, in bytes */
    void compare(String repository, Digest manifest, Map<Digest, Long> said) {
        said.forEach((blob, size) -> Sql.each(
                connection,
                "SELECT b.size FROM blob b JOIN digest d ON d.id = b.digest WHERE d.text = ? AND b.size <> ? "
                        + "AND NOT (b.size = 0 AND b.modified = 0)",
                row -> {
                    if (other.add(blob) && examples.size() < EXAMPLES) {
                        examples.add("%s has %s, and the manifest %s in %s says %d"
                                .formatted(blob, Counted.of(row.getLong(1), "byte"), manifest, repository, size));
                    }
                },
                blob.toString(),
                size));
    }

    void note(Findings findings) {
        if (!other.isEmpty()) {
            findings.note("%s another size than a manifest says that was kept, and can't be pulled: %s"
                    .formatted(
                            Counted.of(other.size(), "blob") + (other.size() == 1 ? " has" : " have"),
                            String.join("; ", examples) + (other.size() > EXAMPLES ? "; …" : "")));
        }
    }
}
