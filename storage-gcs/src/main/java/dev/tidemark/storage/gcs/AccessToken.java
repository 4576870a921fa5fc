package dev.tidemark.storage.gcs;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** By what requests are allowed. */
interface AccessToken {

    /** The headers to send along: a token that holds now. */
    Map<String, List<String>> headers() throws IOException;

    /** None, as emulators want it. */
    AccessToken NONE = Map::of;
}
