package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Digest;

/** A manifest or a blob that a client has pushed to a repository, or mounted there, as somebody says. */
public record Nominee(String repository, Digest digest) {}
