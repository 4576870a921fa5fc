package dev.tidemark.schemas;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * A content digest, {@code algorithm:hex} in lower case, with the algorithms that registries store content under
 * (OCI image spec, descriptor.md, "Digests"). It is kept as bytes: a run has some for every blob, and looks each of
 * them up many times.
 */
@JsonSerialize(using = DigestJson.Writer.class)
@JsonDeserialize(using = DigestJson.Reader.class)
public final class Digest implements Comparable<Digest> {

    private static final int SHORTENED = 12;

    private final Algorithm algorithm;
    private final byte[] hash;

    private Digest(Algorithm algorithm, byte[] hash) {
        this.algorithm = algorithm;
        this.hash = hash;
    }

    /**
     * The digest whose hash lies there.
     *
     * @param from where in the bytes it begins
     * @throws IndexOutOfBoundsException if they end before it does
     */
    public static Digest of(Algorithm algorithm, byte[] bytes, int from) {
        Objects.checkFromIndexSize(from, algorithm.bytes(), bytes.length);
        return new Digest(algorithm, Arrays.copyOfRange(bytes, from, from + algorithm.bytes()));
    }

    private static final Algorithm[] ALGORITHMS = Algorithm.values();

    /**
     * The registered algorithms. The order is part of the store's key format: append only. They are initialised without
     * the digest, which needs them: two threads that began with one each would wait for each other.
     */
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 64),
        SHA384("sha384", "SHA-384", 96),
        SHA512("sha512", "SHA-512", 128);

        private final String prefix;
        private final String jca;
        private final int hexLength;
        private final byte[] start;

        Algorithm(String prefix, String jca, int hexLength) {
            this.prefix = prefix;
            this.jca = jca;
            this.hexLength = hexLength;
            start = (prefix + ":").getBytes(StandardCharsets.US_ASCII);
        }

        /** The name in a digest and in a path: {@code sha256}. */
        public String prefix() {
            return prefix;
        }

        /** How many hex digits a digest of this algorithm has. */
        public int hexLength() {
            return hexLength;
        }

        /** How many bytes a hash of this algorithm has. */
        public int bytes() {
            return hexLength / 2;
        }

        /**
         * The digest whose hex part the text is: lower-case hex, as long as the algorithm says. Empty if it is anything
         * else.
         */
        public Optional<Digest> ofHex(String text) {
            return Optional.ofNullable(read(text, 0));
        }

        /** The digest whose hex is the text from there to its end; null if that is no hex of this algorithm. */
        private Digest read(String text, int from) {
            if (text.length() - from != hexLength) {
                return null;
            }
            byte[] hash = new byte[bytes()];
            for (int i = 0; i < hash.length; i++) {
                int high = bits(text.charAt(from + 2 * i));
                int low = bits(text.charAt(from + 2 * i + 1));
                if ((high | low) < 0) {
                    return null;
                }
                hash[i] = (byte) (high << 4 | low);
            }
            return new Digest(this, hash);
        }

        private static int bits(char hexDigit) {
            return hexDigit < BITS.length ? BITS[hexDigit] : -1;
        }

        private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] BITS = new byte['f' + 1];

        static {
            Arrays.fill(BITS, (byte) -1);
            for (byte bits = 0; bits < HEX_DIGITS.length; bits++) {
                BITS[HEX_DIGITS[bits]] = bits;
            }
        }

        /** The digest of the bytes. */
        public Digest of(byte[] bytes) {
            try {
                return new Digest(this, MessageDigest.getInstance(jca).digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + jca, e);
            }
        }

        /** The algorithm of that name, if it is one of ours. */
        public static Optional<Algorithm> named(String prefix) {
            for (Algorithm algorithm : values()) {
                if (algorithm.prefix.equals(prefix)) {
                    return Optional.of(algorithm);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Digest parse(String text) {
        Digest digest = read(text);
        if (digest == null) {
            throw new IllegalArgumentException("not a digest: " + text);
        }
        return digest;
    }

    /** Reads {@code algorithm:hex}; empty if it is anything else. */
    public static Optional<Digest> tryParse(String text) {
        return Optional.ofNullable(read(text));
    }

    private static Digest read(String text) {
        int colon = text.indexOf(':');
        for (Algorithm algorithm : ALGORITHMS) {
            if (algorithm.prefix.length() == colon && text.startsWith(algorithm.prefix)) {
                return algorithm.read(text, colon + 1);
            }
        }
        return null;
    }

    /** {@code sha256:0123456789ab}: digests are long, and their beginning tells them apart. */
    public static String shortened(String digest) {
        int end = digest.indexOf(':') + 1 + SHORTENED;
        return digest.length() <= end ? digest : digest.substring(0, end);
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** The hash in lower-case hex. */
    public String hex() {
        return HexFormat.of().formatHex(hash);
    }

    /** Puts the hash there: {@link Algorithm#bytes()} bytes. */
    public void copyTo(byte[] bytes, int from) {
        System.arraycopy(hash, 0, bytes, from, hash.length);
    }

    /** As it is written, in ASCII. */
    public byte[] text() {
        byte[] text = Arrays.copyOf(algorithm.start, algorithm.start.length + algorithm.hexLength);
        int at = algorithm.start.length;
        for (byte bits : hash) {
            text[at++] = Algorithm.HEX_DIGITS[bits >> 4 & 15];
            text[at++] = Algorithm.HEX_DIGITS[bits & 15];
        }
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Digest digest
                        && algorithm == digest.algorithm
                        && Arrays.equals(hash, digest.hash));
    }

    /** Of a hash, any bytes are as good as all. */
    @Override
    public int hashCode() {
        return (hash[0] << 24) | ((hash[1] & 255) << 16) | ((hash[2] & 255) << 8) | (hash[3] & 255);
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : Arrays.compareUnsigned(hash, other.hash);
    }

    @Override
    public String toString() {
        return new String(text(), StandardCharsets.ISO_8859_1);
    }
}
