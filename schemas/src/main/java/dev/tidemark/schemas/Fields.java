package dev.tidemark.schemas;

import java.util.Objects;

/** The check that a record has the fields it can't do without. */
final class Fields {

    private Fields() {}

    /** Throws if any is null: the record can't be read then. */
    static void require(Object... fields) {
        for (Object field : fields) {
            Objects.requireNonNull(field, "a field is missing");
        }
    }
}
