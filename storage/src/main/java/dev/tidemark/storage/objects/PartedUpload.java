package dev.tidemark.storage.objects;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Multiparts.Begun;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry.NamedUpload;
import dev.tidemark.storage.layout.Upload;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * A multipart upload, and when somebody went on with it: a registry that goes on with an upload looks its parts up, and
 * writes beside them how far it is.
 *
 * @param bytes of its parts
 * @param modified when the last part, or file of the upload that it belongs to, was written, or when either was begun
 *     if that is later; in ms since the epoch
 * @param unreadable why its age can't be told, or null
 */
public record PartedUpload(long bytes, long modified, String unreadable) {

    /**
     * Reads one; empty if it is not there any more.
     *
     * @param listed lists a repository's upload, by its directory
     * @param old whether a time is so long ago that the upload which it belongs to matters: that is read only then
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    public static Optional<PartedUpload> read(
            Storage storage, Multiparts multiparts, Begun begun, Function<String, Listing> listed, LongPredicate old) {
        Optional<NamedUpload> upload = PartedObject.at(begun.path()).flatMap(PartedObject::upload);
        try {
            return multiparts.parts(begun).map(parts -> {
                long written = Math.max(begun.initiated(), parts.modified());
                return upload.filter(named -> old.test(written))
                        .map(named -> Upload.read(
                                storage,
                                listed.apply(Layout.upload(named.repository(), named.id())),
                                named.repository(),
                                named.id(),
                                old))
                        .map(of -> new PartedUpload(
                                parts.bytes(),
                                Math.max(written, of.modified()),
                                of.unreadable() == null ? null : "of its upload " + of.unreadable()))
                        .orElseGet(() -> new PartedUpload(parts.bytes(), written, null));
            });
        } catch (ForbiddenException e) {
            return Optional.of(new PartedUpload(0, begun.initiated(), "its parts may not be listed"));
        }
    }
}
