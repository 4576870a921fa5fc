package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows as bytes: the values of the marker's store. The value under a digest itself holds all rows of it, but for digests
 * that many repositories have.
 */
final class RowCodec {

    private RowCodec() {}

    static byte[] encode(Row row) {
        return written(96, out -> write(out, row));
    }

    static Row.OfLink ofLink(byte[] value) {
        return read(value, RowCodec::readLink);
    }

    static Row.OfManifest ofManifest(byte[] value) {
        return read(value, RowCodec::readManifest);
    }

    static Row.OfReferrers ofReferrers(byte[] value) {
        return read(value, RowCodec::readReferrers);
    }

    /** The value under the digest itself. */
    static byte[] encode(DigestRows rows) {
        return written(192, out -> {
            boolean referrers = !rows.referrers().isEmpty();
            out.writeByte(bits(rows.own() != null, rows.more(), referrers, false));
            if (rows.own() != null) {
                write(out, rows.own());
            }
            writeAll(out, rows.links());
            writeAll(out, rows.manifests());
            if (referrers) {
                writeAll(out, rows.referrers());
            }
        });
    }

    static DigestRows digestRows(byte[] value) {
        return read(value, in -> {
            int bits = in.readByte();
            return new DigestRows(
                    bit(bits, 0) ? readDigestRow(in) : null,
                    readAll(in, RowCodec::readLink),
                    readAll(in, RowCodec::readManifest),
                    bit(bits, 2) ? readAll(in, RowCodec::readReferrers) : Map.of(),
                    bit(bits, 1));
        });
    }

    private static void writeAll(DataOutputStream out, Map<String, ? extends Row> rows) throws IOException {
        out.writeInt(rows.size());
        for (Map.Entry<String, ? extends Row> row : rows.entrySet()) {
            out.writeUTF(row.getKey());
            write(out, row.getValue());
        }
    }

    private static <R> Map<String, R> readAll(DataInputStream in, Fields<R> fields) throws IOException {
        int size = in.readInt();
        if (size == 0) {
            return Map.of();
        }
        Map<String, R> rows = new HashMap<>();
        for (int left = size; left > 0; left--) {
            rows.put(in.readUTF(), fields.from(in));
        }
        return rows;
    }

    private static void write(DataOutputStream out, Row row) throws IOException {
        out.writeLong(row.run());
        switch (row) {
            case Row.OfDigest r -> {
                out.writeShort(r.reasons());
                out.writeByte(bits(r.present(), r.held(), r.expected(), r.parent() != null));
                out.writeLong(r.size());
                out.writeLong(r.modified());
                out.writeLong(r.lastLive());
                out.writeLong(r.unreferencedSince());
                if (r.parent() != null) {
                    write(out, r.parent());
                    out.writeUTF(r.parentRepository());
                }
            }
            case Row.OfLink r -> {
                out.writeByte(bits(r.present(), r.live(), r.target() != null, r.parent() != null));
                out.writeLong(r.modified());
                if (r.target() != null) {
                    write(out, r.target());
                }
                if (r.parent() != null) {
                    write(out, r.parent());
                }
            }
            case Row.OfManifest r -> {
                out.writeByte(bits(r.dangling(), r.index(), false, false));
                out.writeLong(r.modified());
                out.writeInt(r.history().size());
                for (String tag : r.history()) {
                    out.writeUTF(tag);
                }
                out.writeInt(r.going().size());
                for (Map.Entry<String, Row.Going> tag : r.going().entrySet()) {
                    out.writeUTF(tag.getKey());
                    out.writeLong(tag.getValue().pushed());
                    out.writeLong(tag.getValue().since());
                }
                out.writeInt(r.references().size());
                for (Row.Reference reference : r.references()) {
                    out.writeBoolean(reference.optional());
                    write(out, reference.digest());
                }
                write(out, r.subjects());
            }
            case Row.OfReferrers r -> write(out, r.digests());
        }
    }

    private static Row.OfDigest readDigestRow(DataInputStream in) throws IOException {
        long run = in.readLong();
        int reasons = in.readUnsignedShort();
        int bits = in.readByte();
        long size = in.readLong();
        long modified = in.readLong();
        long lastLive = in.readLong();
        long unreferencedSince = in.readLong();
        boolean hasParent = bit(bits, 3);
        Digest parent = hasParent ? readDigest(in) : null;
        String repository = hasParent ? in.readUTF() : null;
        return new Row.OfDigest(
                run,
                reasons,
                bit(bits, 0),
                size,
                modified,
                bit(bits, 1),
                bit(bits, 2),
                parent,
                repository,
                lastLive,
                unreferencedSince);
    }

    private static Row.OfLink readLink(DataInputStream in) throws IOException {
        long run = in.readLong();
        int bits = in.readByte();
        long modified = in.readLong();
        Digest target = bit(bits, 2) ? readDigest(in) : null;
        Digest parent = bit(bits, 3) ? readDigest(in) : null;
        return new Row.OfLink(run, bit(bits, 0), bit(bits, 1), modified, target, parent);
    }

    private static Row.OfManifest readManifest(DataInputStream in) throws IOException {
        long run = in.readLong();
        int bits = in.readByte();
        long modified = in.readLong();
        List<String> history = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            history.add(in.readUTF());
        }
        Map<String, Row.Going> going = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            going.put(in.readUTF(), new Row.Going(in.readLong(), in.readLong()));
        }
        List<Row.Reference> references = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            boolean optional = in.readBoolean();
            references.add(new Row.Reference(readDigest(in), optional));
        }
        return new Row.OfManifest(
                run, bit(bits, 0), bit(bits, 1), modified, history, going, references, readDigests(in));
    }

    private static Row.OfReferrers readReferrers(DataInputStream in) throws IOException {
        return new Row.OfReferrers(in.readLong(), readDigests(in));
    }

    private static void write(DataOutputStream out, List<Digest> digests) throws IOException {
        out.writeInt(digests.size());
        for (Digest digest : digests) {
            write(out, digest);
        }
    }

    private static List<Digest> readDigests(DataInputStream in) throws IOException {
        List<Digest> digests = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            digests.add(readDigest(in));
        }
        return digests;
    }

    static void write(DataOutputStream out, Digest digest) throws IOException {
        out.writeByte(digest.algorithm().ordinal());
        byte[] hash = new byte[digest.algorithm().bytes()];
        digest.copyTo(hash, 0);
        out.write(hash);
    }

    static Digest readDigest(DataInputStream in) throws IOException {
        Digest.Algorithm algorithm = RowKey.algorithm(in.readByte());
        return Digest.of(algorithm, in.readNBytes(algorithm.bytes()), 0);
    }

    private interface Fields<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static <T> T read(byte[] value, Fields<T> fields) {
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            return fields.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a row of the marker's store is cut off", e);
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(int size, Writing writing) {
        var bytes = new ByteArrayOutputStream(size);
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static int bits(boolean b0, boolean b1, boolean b2, boolean b3) {
        return (b0 ? 1 : 0) | (b1 ? 2 : 0) | (b2 ? 4 : 0) | (b3 ? 8 : 0);
    }

    private static boolean bit(int bits, int index) {
        return (bits >> index & 1) != 0;
    }
}
