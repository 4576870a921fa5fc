package dev.tidemark.sweeper.cache;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The credentials that a client shows to a registry. Each is null if there is none.
 *
 * @param identityToken that buys tokens, in place of a password
 * @param registryToken that is shown as it is
 */
record Credentials(String user, String password, String identityToken, String registryToken) {

    static final Credentials NONE = new Credentials(null, null, null, null);

    /** The header {@code Authorization} of a first request. */
    Optional<String> authorization() {
        return registryToken == null ? basic() : Optional.of("Bearer " + registryToken);
    }

    /** The header with user and password. */
    Optional<String> basic() {
        return user == null || password == null
                ? Optional.empty()
                : Optional.of("Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /** Without the secrets: settings get logged. */
    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
