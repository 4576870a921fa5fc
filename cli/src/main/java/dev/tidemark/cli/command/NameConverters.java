package dev.tidemark.cli.command;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RepositoryGlob;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The values of options that name what is in a registry. */
final class NameConverters {

    private NameConverters() {}

    /** A pattern of repository names. */
    static final class Glob implements ITypeConverter<RepositoryGlob> {
        @Override
        public RepositoryGlob convert(String text) {
            try {
                return RepositoryGlob.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is no pattern of repositories: " + e.getMessage());
            }
        }
    }

    /** A digest, whole. */
    static final class OfDigest implements ITypeConverter<Digest> {
        @Override
        public Digest convert(String text) {
            return Digest.tryParse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is no digest: write all of it, as sha256:9f86d0…"));
        }
    }
}
