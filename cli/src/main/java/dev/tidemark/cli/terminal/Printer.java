package dev.tidemark.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The stream that a command prints on. A {@link PrintStream} keeps it to itself that it could not write: this one says
 * so, and why.
 */
public final class Printer extends PrintStream {

    /** As Linux, the BSDs and macOS say it, where nobody translates it. */
    private static final String NO_READER = "Broken pipe";

    private final Destination destination;

    public Printer(OutputStream out) {
        this(new Destination(out));
    }

    private Printer(Destination destination) {
        super(destination, true, StandardCharsets.UTF_8);
        this.destination = destination;
    }

    /**
     * Why something that was printed could not be written, if so. A reader that wanted no more, as {@code head}, is no
     * trouble.
     */
    public Optional<String> trouble() {
        flush();
        return Optional.ofNullable(destination.failure)
                .filter(failure -> !NO_READER.equals(failure.getMessage()))
                .map(failure -> failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }

    /** Nothing is written after the first failure: what is there is cut off, and has no holes. */
    private static final class Destination extends OutputStream {

        private final OutputStream out;
        private IOException failure;

        Destination(OutputStream out) {
            this.out = out;
        }

        private interface Writing {
            void run() throws IOException;
        }

        private void attempt(Writing writing) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                writing.run();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void write(int one) throws IOException {
            attempt(() -> out.write(one));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            attempt(() -> out.write(bytes, from, length));
        }

        @Override
        public void flush() throws IOException {
            attempt(out::flush);
        }
    }
}
