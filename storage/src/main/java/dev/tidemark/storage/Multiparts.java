package dev.tidemark.storage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The multipart uploads of a bucket: objects of which some parts are written, and that nobody has completed. No listing
 * of objects shows them, and their parts are billed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">multipart uploads of S3</a>
 */
public interface Multiparts {

    /** Between an object's path and the id of an upload, in the name of that. */
    String ID = "?uploadId=";

    /**
     * A multipart upload.
     *
     * @param path of the object that it is to be, as {@link Storage} has paths: one that begins with a slash is
     *     relative to the storage root
     * @param id the server's name for it
     * @param initiated when it was begun, in ms since the epoch
     */
    record Begun(String path, String id, long initiated) {

        /** The name that tells it from any other of the bucket. */
        public String name() {
            return path + ID + id;
        }
    }

    /**
     * The parts that are written of one.
     *
     * @param bytes of all of them
     * @param modified when the last of them was written, in ms since the epoch; 0 if there is none
     */
    record Parts(long bytes, long modified) {}

    /**
     * All of them, in the registry's directory and in the trash.
     *
     * @throws ForbiddenException if the server does not list them: it knows no such listing, or does not allow it
     * @throws StorageException if there is no answer
     */
    List<Begun> all();

    /** Those of one object; it throws the same. */
    List<Begun> of(String path);

    /** The parts of one; empty if it is not there any more, as it was completed or aborted. It throws the same. */
    Optional<Parts> parts(Begun upload);

    /**
     * Aborts some: their parts are gone for good. One that is not there any more is no failure.
     *
     * @param names as {@link Begun#name} says
     * @param allowed asked before each request, and before each further try
     * @return why not, for each that is not aborted, as {@link Storage#deleteAll} says
     */
    Map<String, StorageException> abort(Collection<String> names, BooleanSupplier allowed);
}
