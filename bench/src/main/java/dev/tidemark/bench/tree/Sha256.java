package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A sha256 digest. The bench has its own, so that it shares no code with what it measures. */
public record Sha256(String hex) {

    private static final String PREFIX = "sha256:";
    private static final HexFormat HEX = HexFormat.of();

    static Sha256 of(byte[] bytes) {
        return new Sha256(HEX.formatHex(hash("SHA-256", bytes)));
    }

    public static byte[] hash(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Sha256 parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + 64) {
            throw new BenchException("'" + text + "' is no sha256 digest");
        }
        return new Sha256(text.substring(PREFIX.length()));
    }

    /** Its first eight bytes. */
    long prefix() {
        return ByteBuffer.wrap(HEX.parseHex(hex, 0, 16)).getLong();
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
