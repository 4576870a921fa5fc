package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.Run;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The runs, as the sweeper sees them: in the service a {@link RunFollower}. */
public interface Runs {

    /** The latest run, as far as it is known here. */
    Optional<Run> latest();

    /** Waits until all is known that is there to be known now; false if it was told to stop first. */
    boolean catchUp(BooleanSupplier stop) throws InterruptedException;

    /** Waits until the latest run is as wanted; empty if it was told to stop first. */
    Optional<Run> await(Predicate<Run> wanted, BooleanSupplier stop) throws InterruptedException;

    static Runs of(RunFollower follower) {
        return new Runs() {
            @Override
            public Optional<Run> latest() {
                return follower.latest();
            }

            @Override
            public boolean catchUp(BooleanSupplier stop) throws InterruptedException {
                return follower.catchUp(stop);
            }

            @Override
            public Optional<Run> await(Predicate<Run> wanted, BooleanSupplier stop) throws InterruptedException {
                return follower.await(wanted, stop);
            }
        };
    }
}
