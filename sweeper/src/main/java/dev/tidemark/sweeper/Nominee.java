package dev.tidemark.sweeper;

import dev.tidemark.schemas.Digest;

/** A manifest or a blob that a client has pushed to a repository, or mounted there, as somebody says. */
record Nominee(String repository, Digest digest) {}
