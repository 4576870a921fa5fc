package dev.tidemark.testkit.gcs;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A request to the fake, or one in a batch.
 *
 * @param steps of its path, decoded
 * @param headers by their names in lower case
 */
record ReceivedRequest(
        String method, List<String> steps, Map<String, String> parameters, Map<String, String> headers, byte[] body) {

    static ReceivedRequest of(String method, String target, Map<String, String> headers, byte[] body) {
        URI uri = URI.create(target);
        Map<String, String> parameters = new HashMap<>();
        for (String part : (uri.getRawQuery() == null ? "" : uri.getRawQuery()).split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(part.substring(0, equals), decoded(part.substring(equals + 1)));
            }
        }
        Map<String, String> lower = new HashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return new ReceivedRequest(
                method,
                Arrays.stream(uri.getRawPath().substring(1).split("/"))
                        .map(step -> decoded(step.replace("+", "%2B")))
                        .toList(),
                parameters,
                lower,
                body);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    OptionalLong number(String name) {
        return parameter(name).isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parameter(name)));
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    boolean isFor(String method, String... steps) {
        if (!this.method.equals(method) || this.steps.size() != steps.length) {
            return false;
        }
        for (int i = 0; i < steps.length; i++) {
            if (!steps[i].equals("*") && !steps[i].equals(this.steps.get(i))) {
                return false;
            }
        }
        return true;
    }
}
