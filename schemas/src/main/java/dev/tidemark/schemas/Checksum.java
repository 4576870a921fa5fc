package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A checksum of records that adds up, in whatever order they come and however they are divided: the sum of the SHA-256 of each
 * record's value, modulo 2^256.
 *
 * @param text the sum, as 64 hex digits
 */
public record Checksum(@JsonValue String text) {

  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  /** Of no records. */
  public static final Checksum NONE = of(BigInteger.ZERO);

  @JsonCreator
  public Checksum {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a checksum: " + text);
    }
  }

  /** Of one record. */
  public static Checksum of(byte[] value) {
    try {
      return of(new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(value)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Checksum of(BigInteger sum) {
    String hex = sum.toString(16);
    return new Checksum("0".repeat(64 - hex.length()) + hex);
  }

  /** With one more record. */
  public Checksum plus(byte[] value) {
    return plus(of(value));
  }

  public Checksum plus(Checksum other) {
    return of(new BigInteger(text, 16).add(new BigInteger(other.text, 16)).mod(MODULUS));
  }

  @Override
  public String toString() {
    return text;
  }
}
