package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A content digest, {@code algorithm:hex}, with the algorithms that registries store content under
 * (OCI image spec, descriptor.md, "Digests").
 *
 * @param algorithm the hash
 * @param hex lower-case hex, as long as the algorithm says
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {

  public Digest {
    if (!algorithm.isHex(hex)) {
      throw new IllegalArgumentException("not a " + algorithm.prefix() + " digest: " + hex);
    }
  }

  private static final Algorithm[] ALGORITHMS = Algorithm.values();

  /** The registered algorithms. The order is part of the store's key format: append only. */
  public enum Algorithm {
    SHA256("sha256", "SHA-256", 64),
    SHA384("sha384", "SHA-384", 96),
    SHA512("sha512", "SHA-512", 128);

    private final String prefix;
    private final String jca;
    private final int hexLength;

    Algorithm(String prefix, String jca, int hexLength) {
      this.prefix = prefix;
      this.jca = jca;
      this.hexLength = hexLength;
    }

    /** The name in a digest and in a path: {@code sha256}. */
    public String prefix() {
      return prefix;
    }

    /** How many hex digits a digest of this algorithm has. */
    public int hexLength() {
      return hexLength;
    }

    /** Whether the text is the hex part of a digest of this algorithm. */
    public boolean isHex(String text) {
      if (text.length() != hexLength) {
        return false;
      }
      for (int i = 0; i < hexLength; i++) {
        char c = text.charAt(i);
        if (c >= HEX_DIGITS.length || !HEX_DIGITS[c]) {
          return false;
        }
      }
      return true;
    }

    private static final boolean[] HEX_DIGITS = new boolean['f' + 1];

    static {
      for (char c : "0123456789abcdef".toCharArray()) {
        HEX_DIGITS[c] = true;
      }
    }

    /** The digest of the bytes. */
    public Digest of(byte[] bytes) {
      try {
        return new Digest(this, HexFormat.of().formatHex(MessageDigest.getInstance(jca).digest(bytes)));
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
  @JsonCreator
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      for (Algorithm algorithm : ALGORITHMS) {
        if (algorithm.prefix.length() == colon && text.startsWith(algorithm.prefix)) {
          return new Digest(algorithm, text.substring(colon + 1));
        }
      }
    }
    throw new IllegalArgumentException("not a digest: " + text);
  }

  /** Reads {@code algorithm:hex}; empty if it is anything else. */
  public static Optional<Digest> tryParse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String hex = text.substring(colon + 1);
    return Algorithm.named(text.substring(0, colon))
        .filter(algorithm -> algorithm.isHex(hex))
        .map(algorithm -> new Digest(algorithm, hex));
  }

  /** As a record's own, which is slow until it is compiled: most of what the marker does is to look digests up. */
  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Digest digest && algorithm == digest.algorithm && hex.equals(digest.hex));
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  @JsonValue
  @Override
  public String toString() {
    return algorithm.prefix() + ":" + hex;
  }
}
