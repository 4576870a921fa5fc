package dev.tidemark.storage.gcs;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A request to the JSON API.
 *
 * @param verb what it does with the path, for messages
 * @param path relative to the registry's base; empty for the bucket
 * @param operation the API's name for it
 * @param target what comes after the server's address
 * @param parameters of the query
 * @param headers beside those of the credentials
 * @param body null for none
 * @param allowed asked before each try
 */
record GcsRequest(
        String verb,
        String path,
        String operation,
        String method,
        String target,
        Map<String, String> parameters,
        Map<String, String> headers,
        byte[] body,
        BooleanSupplier allowed) {

    static GcsRequest get(String verb, String path, String operation, String target) {
        return new GcsRequest(verb, path, operation, "GET", target, Map.of(), Map.of(), null, () -> true);
    }

    static GcsRequest post(String verb, String path, String operation, String target, byte[] body) {
        return new GcsRequest(verb, path, operation, "POST", target, Map.of(), Map.of(), body, () -> true);
    }

    /** With a parameter, or without it if its value is null. */
    GcsRequest with(String parameter, Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put(parameter, value.toString());
        return new GcsRequest(verb, path, operation, method, target, all, headers, body, allowed);
    }

    GcsRequest header(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new GcsRequest(verb, path, operation, method, target, parameters, all, body, allowed);
    }

    GcsRequest ifAllowed(BooleanSupplier condition) {
        return new GcsRequest(verb, path, operation, method, target, parameters, headers, body, condition);
    }

    /** The target with its query. */
    String line() {
        return parameters.isEmpty()
                ? target
                : target
                        + parameters.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                                .collect(Collectors.joining("&", "?", ""));
    }

    /** Where a bucket's objects are listed. */
    static String objects(String bucket) {
        return "/storage/v1/b/" + encoded(bucket) + "/o";
    }

    static String object(String bucket, String key) {
        return objects(bucket) + "/" + encoded(key);
    }

    /** A part of a path, or a value: a slash in it is none of the path's. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
