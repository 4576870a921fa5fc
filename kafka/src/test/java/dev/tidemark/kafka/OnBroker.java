package dev.tidemark.kafka;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests on a broker that those of a class share. */
public abstract class OnBroker {

    @TempDir
    private static Path directory;

    protected static Broker broker;

    @BeforeAll
    static void startKafka() {
        broker = new Broker(directory);
    }

    @AfterAll
    static void stopKafka() throws Exception {
        broker.close();
    }
}
