package dev.tidemark.sweeper.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gets the tokens that a registry asks for, from the server that it names, and keeps them as long as they are taken.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication</a>
 * @see <a href="https://distribution.github.io/distribution/spec/auth/oauth/">OAuth2 token authentication</a>
 */
final class BearerTokens {

    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final String SCHEME = "Bearer ";

    /** There is a token for each repository: not all of them are kept. */
    private static final int MOST = 1_000;

    private final HttpClient http;
    private final Credentials credentials;
    private final Duration longestAnswer;
    private final Map<String, String> tokens = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    BearerTokens(HttpClient http, Credentials credentials, Duration longestAnswer) {
        this.http = http;
        this.credentials = credentials;
        this.longestAnswer = longestAnswer;
    }

    /**
     * The header for a request, as far as is known.
     *
     * @param what that the request is for: a token is good for the same again
     */
    synchronized Optional<String> authorization(String what) {
        return Optional.ofNullable(tokens.get(what)).map(SCHEME::concat).or(credentials::authorization);
    }

    /**
     * Answers the challenge of a request that was refused; empty if it asks for no token.
     *
     * @throws IOException if the server of the tokens gives none
     */
    Optional<String> answer(String what, HttpResponse<?> refused) throws IOException, InterruptedException {
        Optional<String> challenge = refused.headers().allValues("WWW-Authenticate").stream()
                .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .findFirst();
        if (challenge.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> asked = PARAMETER
                .matcher(challenge.get())
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (one, other) -> one));
        String token = token(asked);
        synchronized (this) {
            tokens.put(what, token);
        }
        return Optional.of(SCHEME + token);
    }

    private String token(Map<String, String> asked) throws IOException, InterruptedException {
        URI realm = realm(asked.getOrDefault("realm", ""));
        String query = parameter("service", asked) + "&" + parameter("scope", asked);
        HttpRequest.Builder request;
        if (credentials.identityToken() == null) {
            request = HttpRequest.newBuilder(URI.create(realm + (realm.getQuery() == null ? "?" : "&") + query));
            credentials.basic().ifPresent(basic -> request.header("Authorization", basic));
        } else {
            request = HttpRequest.newBuilder(realm)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(query + "&grant_type=refresh_token&client_id=tidemark&refresh_token="
                            + encoded(credentials.identityToken())));
        }
        HttpResponse<byte[]> response = http.send(request.timeout(longestAnswer).build(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(
                    "the server of its tokens, " + realm.getHost() + ", answers " + response.statusCode());
        }
        JsonNode answer = JsonSerde.MAPPER.readTree(response.body());
        String token = answer.path("token").asText(answer.path("access_token").asText(""));
        if (token.isEmpty()) {
            throw new IOException("the server of its tokens, " + realm.getHost() + ", sends none");
        }
        return token;
    }

    private static URI realm(String text) throws IOException {
        try {
            URI realm = URI.create(text);
            if (realm.getHost() != null) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IOException("it names no server of its tokens");
    }

    private static String parameter(String name, Map<String, String> asked) {
        return name + "=" + encoded(asked.getOrDefault(name, ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
