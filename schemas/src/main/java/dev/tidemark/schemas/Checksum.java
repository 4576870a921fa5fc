package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A checksum of records that adds up, in whatever order they come and however they are divided: the sum of the SHA-256
 * of each record's value, modulo 2^256. It is no signature: who can write to every topic can make up a whole run.
 */
public final class Checksum {

    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    /** Of no records. */
    public static final Checksum NONE = new Checksum(BigInteger.ZERO);

    private final BigInteger sum;

    private Checksum(BigInteger sum) {
        this.sum = sum;
    }

    /**
     * Reads 64 hex digits.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    @JsonCreator
    public static Checksum parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a checksum: " + text);
        }
        return new Checksum(new BigInteger(text, 16));
    }

    /** Of one record. */
    public static Checksum of(byte[] value) {
        try {
            return new Checksum(
                    new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(value)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** With one more record. */
    public Checksum plus(byte[] value) {
        return plus(of(value));
    }

    public Checksum plus(Checksum other) {
        return new Checksum(sum.add(other.sum).and(LARGEST));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checksum checksum && sum.equals(checksum.sum);
    }

    @Override
    public int hashCode() {
        return sum.hashCode();
    }

    /** As 64 hex digits. */
    @JsonValue
    @Override
    public String toString() {
        String hex = sum.toString(16);
        return "0".repeat(64 - hex.length()) + hex;
    }
}
