package dev.tidemark.report.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** The Content-Security-Policy of a page: it allows what is in the page, by its hash, and nothing else. */
final class ContentPolicy {

    private ContentPolicy() {}

    /** Of a page without a script. */
    static String of(String... styles) {
        String hashes = Arrays.stream(styles).map(ContentPolicy::hash).collect(Collectors.joining(" "));
        return "default-src 'none'; style-src " + hashes + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    /** With a script as well. */
    static String withScript(String script, String... styles) {
        return of(styles) + "; script-src " + hash(script);
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
