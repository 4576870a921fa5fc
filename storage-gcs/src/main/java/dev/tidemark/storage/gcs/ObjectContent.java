package dev.tidemark.storage.gcs;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * The content of an object, in pieces: each of them is a request of its own, with its limit and its tries, so that a
 * large one is neither cut off nor read again from its beginning.
 */
final class ObjectContent extends InputStream {

    private final Pieces pieces;
    private final long size;
    private ByteArrayInputStream piece;
    private long next;

    /** Where pieces come from. */
    interface Pieces {
        /** The bytes from there on, one at least. */
        byte[] from(long first);
    }

    /** @param size of the whole, in bytes */
    ObjectContent(byte[] firstPiece, long size, Pieces pieces) {
        this.pieces = pieces;
        this.size = size;
        piece = new ByteArrayInputStream(firstPiece);
        next = firstPiece.length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        if (piece.available() == 0 && next < size) {
            byte[] bytes = pieces.from(next);
            piece = new ByteArrayInputStream(bytes);
            next += bytes.length;
        }
        return piece.read(buffer, from, length);
    }
}
