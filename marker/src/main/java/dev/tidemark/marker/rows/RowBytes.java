package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The parts of rows as bytes: digests, names, sizes and bits. */
final class RowBytes {

    private static final int BITS_OF_A_BYTE = 7;
    private static final int MORE = 1 << BITS_OF_A_BYTE;

    private RowBytes() {}

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

    static void write(DataOutputStream out, List<Digest> digests) throws IOException {
        out.writeInt(digests.size());
        for (Digest digest : digests) {
            write(out, digest);
        }
    }

    static List<Digest> readDigests(DataInputStream in) throws IOException {
        List<Digest> digests = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            digests.add(readDigest(in));
        }
        return digests;
    }

    /** Writes a size in as few bytes as it needs: four do for a quarter of a gigabyte. */
    static void writeSize(DataOutputStream out, long bytes) throws IOException {
        long rest = bytes;
        while (rest >= MORE) {
            out.writeByte((int) (rest | MORE));
            rest >>= BITS_OF_A_BYTE;
        }
        out.writeByte((int) rest);
    }

    static long readSize(DataInputStream in) throws IOException {
        long size = 0;
        for (int shift = 0; ; shift += BITS_OF_A_BYTE) {
            int next = in.readUnsignedByte();
            size |= (long) (next & (MORE - 1)) << shift;
            if (next < MORE) {
                return size;
            }
        }
    }

    /** Writes a name, or that there is none: no name is empty. */
    static void writeName(DataOutputStream out, String name) throws IOException {
        out.writeUTF(name == null ? "" : name);
    }

    static String readName(DataInputStream in) throws IOException {
        String name = in.readUTF();
        return name.isEmpty() ? null : name;
    }

    static int bits(boolean... bits) {
        int all = 0;
        for (int i = 0; i < bits.length; i++) {
            all |= bits[i] ? 1 << i : 0;
        }
        return all;
    }

    static boolean bit(int bits, int index) {
        return (bits >> index & 1) != 0;
    }

    interface Fields<T> {
        T from(DataInputStream in) throws IOException;
    }

    static <T> T read(byte[] value, Fields<T> fields) {
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            return fields.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a row of the marker's store is cut off", e);
        }
    }

    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    static byte[] written(int size, Writing writing) {
        var bytes = new ByteArrayOutputStream(size);
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
