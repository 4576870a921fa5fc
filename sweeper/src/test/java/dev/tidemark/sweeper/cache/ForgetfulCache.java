package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import java.util.List;
import java.util.function.Consumer;

/** A registry's cache that tells a test what it is to forget. */
public record ForgetfulCache(Consumer<List<Eligible>> told) implements RegistryCache {

    @Override
    public void check() {
        // It answers.
    }

    @Override
    public void forget(List<Eligible> gone) {
        told.accept(gone);
    }

    @Override
    public String remedy() {
        return "tell it again";
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
