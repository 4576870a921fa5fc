package dev.tidemark.testkit.gcs;

import dev.tidemark.testkit.gcs.GcsFiles.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Pages of a listing, as GCS makes them. */
final class GcsListing {

    private static final int MOST = 1000;

    private GcsListing() {}

    /** @param all of the bucket, in order */
    static GcsResponse page(NavigableMap<String, Stored> all, ReceivedRequest request) {
        String prefix = request.parameter("prefix");
        String delimiter = request.parameter("delimiter");
        String end = request.parameter("endOffset");
        int most = Math.toIntExact(Math.min(MOST, request.number("maxResults").orElse(MOST)));
        String after =
                new String(Base64.getUrlDecoder().decode(request.parameter("pageToken")), StandardCharsets.UTF_8);
        List<Map<String, Object>> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = null;
        boolean more = false;
        for (Stored object : all.tailMap(prefix, true).values()) {
            String name = object.name();
            if (!name.startsWith(prefix) || (!end.isEmpty() && GcsFiles.BYTES.compare(name, end) >= 0)) {
                break;
            }
            int slash = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
            String group = slash < 0 ? null : name.substring(0, slash + delimiter.length());
            String entry = group == null ? name : group;
            boolean before = GcsFiles.BYTES.compare(name, request.parameter("startOffset")) < 0;
            boolean listed = !after.isEmpty() && GcsFiles.BYTES.compare(entry, after) <= 0;
            if (before || listed || entry.equals(last)) {
                continue;
            }
            if (items.size() + prefixes.size() == most) {
                more = true;
                break;
            }
            if (group == null) {
                items.add(GcsApi.resource(request.steps().get(3), object));
            } else {
                prefixes.add(group);
            }
            last = entry;
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("kind", "storage#objects");
        if (more) {
            page.put("nextPageToken", Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
        }
        if (!prefixes.isEmpty()) {
            page.put("prefixes", prefixes);
        }
        if (!items.isEmpty()) {
            page.put("items", items);
        }
        return GcsResponse.json(200, page);
    }
}
