package dev.tidemark.service.http;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret that a request has in its header {@code Authorization}, after {@code Bearer}. */
public final class BearerSecret {

    private final byte[] authorization;

    public BearerSecret(String secret) {
        authorization = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the request has it. How long that takes does not depend on how much of it is right. */
    public boolean isIn(HttpExchange request) {
        String header = request.getRequestHeaders().getFirst("Authorization");
        return header != null && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), authorization);
    }
}
