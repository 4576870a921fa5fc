package dev.tidemark.storage.objects;

import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LayoutEntry.NamedUpload;
import java.util.Optional;

/**
 * An object that is written in parts: the data of an upload, a blob that a large one is moved to, or a copy in the
 * trash (distribution, {@code registry/storage/driver/s3-aws/s3.go}).
 *
 * @param path of the object; that of one in the trash begins with a slash
 * @param upload whose data it is; empty if it is none's
 */
public record PartedObject(String path, Optional<NamedUpload> upload) {

    private static final String TRASH = "/" + TrashKeys.PLACE + "/";

    /** The object at a path; empty if neither a registry nor a sweep writes that in parts. */
    public static Optional<PartedObject> at(String path) {
        Optional<NamedUpload> upload = LayoutEntry.uploadOf(path)
                .filter(named -> path.equals(Layout.upload(named.repository(), named.id()) + "/" + Layout.DATA));
        boolean blob = LayoutEntry.of(path)
                .filter(entry -> entry.kind() == Kind.BLOB
                        && Layout.blobData(entry.digest()).equals(path))
                .isPresent();
        return upload.isPresent() || blob || path.startsWith(TRASH)
                ? Optional.of(new PartedObject(path, upload))
                : Optional.empty();
    }

    /**
     * The object of a record.
     *
     * @param repository of the record; null if it is in none
     * @param name of the multipart upload, below its repository
     */
    public static Optional<PartedObject> of(String repository, String name) {
        String whole = Layout.leftover(repository, name);
        int id = whole.lastIndexOf(Multiparts.ID);
        return id < 0
                ? Optional.empty()
                : at(whole.substring(0, id))
                        .filter(object -> object.upload().isPresent()
                                ? object.upload().get().repository().equals(repository)
                                : repository == null);
    }
}
