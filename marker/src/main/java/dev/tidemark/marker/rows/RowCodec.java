package dev.tidemark.marker.rows;

import static dev.tidemark.marker.rows.RowBytes.bit;
import static dev.tidemark.marker.rows.RowBytes.bits;
import static dev.tidemark.marker.rows.RowBytes.readDigest;
import static dev.tidemark.marker.rows.RowBytes.readDigests;
import static dev.tidemark.marker.rows.RowBytes.readName;
import static dev.tidemark.marker.rows.RowBytes.readSize;
import static dev.tidemark.marker.rows.RowBytes.writeName;
import static dev.tidemark.marker.rows.RowBytes.writeSize;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Sizes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows as bytes: the values of the marker's store. The value under a digest itself holds all rows of it, but for
 * digests that many repositories have.
 */
final class RowCodec {

    private static final Kind[] KINDS = Kind.values();

    private RowCodec() {}

    static byte[] encode(Row row) {
        return RowBytes.written(96, out -> write(out, row));
    }

    static Row.OfLink ofLink(byte[] value) {
        return RowBytes.read(value, RowCodec::readLink);
    }

    static Row.OfManifest ofManifest(byte[] value) {
        return RowBytes.read(value, RowCodec::readManifest);
    }

    static Row.OfReferrers ofReferrers(byte[] value) {
        return RowBytes.read(value, RowCodec::readReferrers);
    }

    /** The value under the digest itself. */
    static byte[] encode(DigestRows rows) {
        return RowBytes.written(192, out -> {
            boolean referrers = !rows.referrers().isEmpty();
            boolean leftover = rows.leftover() != null;
            out.writeByte(bits(rows.own() != null, rows.more(), referrers, leftover));
            if (rows.own() != null) {
                write(out, rows.own());
            }
            writeAll(out, rows.links());
            writeAll(out, rows.manifests());
            if (referrers) {
                writeAll(out, rows.referrers());
            }
            if (leftover) {
                write(out, rows.leftover());
            }
        });
    }

    static DigestRows digestRows(byte[] value) {
        return RowBytes.read(value, in -> {
            int bits = in.readByte();
            return new DigestRows(
                    bit(bits, 0) ? readDigestRow(in) : null,
                    readAll(in, RowCodec::readLink),
                    readAll(in, RowCodec::readManifest),
                    bit(bits, 2) ? readAll(in, RowCodec::readReferrers) : Map.of(),
                    bit(bits, 3) ? readLeftover(in) : null,
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

    private static <R> Map<String, R> readAll(DataInputStream in, RowBytes.Fields<R> fields) throws IOException {
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
                boolean tells = r.said() != Sizes.UNKNOWN;
                // Most say the size that it has.
                boolean right = r.said() == r.size();
                out.writeByte(bits(
                        r.present(), r.held(), r.expected(), r.parent() != null, tells, right, r.contrary() != null));
                out.writeLong(r.size());
                out.writeLong(r.modified());
                out.writeLong(r.lastLive());
                out.writeLong(r.unreferencedSince());
                if (r.parent() != null) {
                    RowBytes.write(out, r.parent());
                    out.writeUTF(r.parentRepository());
                }
                if (tells && !right) {
                    writeSize(out, r.said());
                }
                if (r.contrary() != null) {
                    RowBytes.write(out, r.contrary().manifest());
                    out.writeUTF(r.contrary().repository());
                    writeSize(out, r.contrary().size());
                }
            }
            case Row.OfLink r -> {
                out.writeByte(bits(r.present(), r.live(), r.target() != null, r.parent() != null));
                out.writeLong(r.modified());
                if (r.target() != null) {
                    RowBytes.write(out, r.target());
                }
                if (r.parent() != null) {
                    RowBytes.write(out, r.parent());
                }
            }
            case Row.OfManifest r -> {
                out.writeByte(bits(r.dangling(), r.index()));
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
                    boolean tells = reference.said() != Sizes.UNKNOWN;
                    out.writeByte(bits(reference.optional(), tells));
                    RowBytes.write(out, reference.digest());
                    if (tells) {
                        writeSize(out, reference.said());
                    }
                }
                RowBytes.write(out, r.subjects());
            }
            case Row.OfReferrers r -> RowBytes.write(out, r.digests());
            case LeftoverRow r -> {
                out.writeByte(bits(r.pinned()));
                out.writeByte(r.kind().ordinal());
                writeName(out, r.repository());
                writeName(out, r.path());
                out.writeLong(r.modified());
                out.writeLong(r.bytes());
                out.writeLong(r.since());
            }
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
        long said = !bit(bits, 4) ? Sizes.UNKNOWN : bit(bits, 5) ? size : readSize(in);
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
                said,
                bit(bits, 6) ? new Row.Claim(readDigest(in), in.readUTF(), readSize(in)) : null,
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
            int of = in.readByte();
            references.add(new Row.Reference(readDigest(in), bit(of, 0), bit(of, 1) ? readSize(in) : Sizes.UNKNOWN));
        }
        return new Row.OfManifest(
                run, bit(bits, 0), bit(bits, 1), modified, history, going, references, readDigests(in));
    }

    private static Row.OfReferrers readReferrers(DataInputStream in) throws IOException {
        return new Row.OfReferrers(in.readLong(), readDigests(in));
    }

    private static LeftoverRow readLeftover(DataInputStream in) throws IOException {
        long run = in.readLong();
        boolean pinned = bit(in.readByte(), 0);
        return new LeftoverRow(
                run,
                KINDS[in.readByte()],
                readName(in),
                readName(in),
                in.readLong(),
                in.readLong(),
                pinned,
                in.readLong());
    }
}
