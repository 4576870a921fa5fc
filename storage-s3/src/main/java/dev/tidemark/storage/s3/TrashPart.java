package dev.tidemark.storage.s3;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash.Restored;
import dev.tidemark.storage.Trash.Trashed;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A way in which a bucket keeps what sweeps have taken. Both may have files of one run: a bucket's versioning can be
 * changed at any time. Each method makes its requests once, as {@link dev.tidemark.storage.Trash} says.
 */
sealed interface TrashPart permits CopiedFiles, OldVersions {

    /** Why not, for each file that is still there. */
    Map<String, StorageException> take(RunId run, List<String> paths, BooleanSupplier allowed);

    /** @param directory of the registry; empty for all files of the run */
    void files(RunId run, Optional<String> directory, Consumer<Trashed> to);

    /** Opens a file's content; empty if it isn't here. */
    Optional<InputStream> open(RunId run, String path);

    /**
     * The file counts as written now.
     *
     * @param back called once it is back, and still here
     */
    Restored restore(RunId run, String path, Runnable back);

    /** Why not, for each file that is still here. */
    Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed);
}
