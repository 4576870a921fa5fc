package dev.tidemark.marker;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Goes on after a record that can't be worked off: its dead letters are committed with its offset. Any other error is
 * no record's fault, ends the thread, and with it all that was not committed. Public for Kafka Streams, which makes
 * it by its name.
 */
public final class SetAsideHandler implements ProcessingExceptionHandler {

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return exception instanceof SetAsideException aside ? Response.resume(aside.deadLetters()) : Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configuration) {
        // Nothing to be configured.
    }
}
