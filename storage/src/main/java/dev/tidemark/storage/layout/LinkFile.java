package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The content of a link file: the digest that it names, if it does. */
public sealed interface LinkFile {

    /** It is not there. */
    record Absent() implements LinkFile {}

    /** The digest that it names. */
    record Names(Digest digest) implements LinkFile {}

    /** It is there, and names nothing that we can read. */
    record Unreadable(String why) implements LinkFile {}

    /**
     * Reads a link. One that is being rewritten is read again.
     *
     * @throws StorageException if the storage does not answer
     */
    static LinkFile at(Storage storage, String path) {
        return LinkReader.read(storage, path);
    }

    /** The link that has this content. */
    static LinkFile of(InputStream content) throws IOException {
        String text = new String(content.readNBytes(LinkReader.LONGEST), StandardCharsets.UTF_8).strip();
        return Digest.tryParse(text)
                .<LinkFile>map(Names::new)
                .orElseGet(() -> new Unreadable(text.isEmpty() ? "it is empty" : "it names no digest that we know"));
    }

    /**
     * The MD5 of the content of a link to the digest. A link of which the storage knows this MD5 need not be read.
     *
     * @return hex, in lower case
     */
    static String md5(Digest digest) {
        try {
            byte[] content = digest.text();
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
