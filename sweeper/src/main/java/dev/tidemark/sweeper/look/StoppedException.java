package dev.tidemark.sweeper.look;

import java.util.function.BooleanSupplier;

/** A look ends before its end: the process is to stop, or the trash is another's now. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @throws StoppedException if it may not go on */
    public static void unless(BooleanSupplier goOn) {
        if (!goOn.getAsBoolean()) {
            throw new StoppedException();
        }
    }
}
