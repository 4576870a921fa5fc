package dev.tidemark.storage.objects;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A place of objects without directories, as a driver reaches it: a bucket, or a container. Each method makes its
 * requests once, with the tries of the driver's own client, and throws {@link StorageException} if there is no answer.
 *
 * <p>A path, where there is one beside a key, is what messages name.
 */
public interface Bucket extends KeyListing.Pages, AutoCloseable {

    /**
     * The names right below a prefix.
     *
     * @param prefix of the keys, up to a slash and with it
     * @param directory takes the part of keys up to the next slash, each once
     * @param file takes the rest of the other keys; none that is empty
     */
    void children(String prefix, Consumer<String> directory, Consumer<String> file);

    /**
     * How many names are right below a prefix, or the limit if there are more.
     *
     * @param limit up to 1000
     */
    int count(String prefix, int limit);

    /** The size and time of an object, by a request for it alone; empty if it is not there. */
    Optional<Storage.Stat> look(String path, String key);

    /** The same by a listing, which is the answer to rely on where an object is most likely not there. */
    Optional<Storage.Stat> listed(String key);

    /** Opens an object's content; empty if it is not there. */
    Optional<InputStream> open(String path, String key);

    /**
     * Deletes files, many in a request.
     *
     * @param allowed asked before each try of a request
     * @return why not, for each path that is not deleted
     */
    Map<String, StorageException> delete(List<String> paths, BooleanSupplier allowed);

    /** Writes an object. */
    void write(String path, String key, byte[] content);

    @Override
    void close();
}
