package dev.tidemark.service.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.JsonEscapeUtil;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of a service, on standard output: an event is one line, of text or of JSON, and names the run that is under
 * way.
 */
public final class ServiceLogs {

    private ServiceLogs() {}

    /**
     * @param run the run at hand, or {@code -}
     */
    public static void configure(String service, String instance, boolean json, String level, Supplier<String> run) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Level ours = Level.toLevel(level);
        Encoder<ILoggingEvent> encoder =
                json ? new JsonLines(service, instance, run) : text(new TextLine(service, ours == Level.DEBUG, run));
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("console");
        appender.setEncoder(encoder);
        appender.start();
        context.addTurboFilter(new Repetitions(System::nanoTime));
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
        context.getLogger("dev.tidemark").setLevel(ours);
        // It writes a line for each blob that is not there. Its callers report the failures.
        context.getLogger("com.azure").setLevel(Level.OFF);
        root.addAppender(appender);
    }

    private static Encoder<ILoggingEvent> text(TextLine line) {
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(line);
        return encoder;
    }

    /** Logback's own JSON, with the service, its instance and the run. */
    private static final class JsonLines extends JsonEncoder {

        private final String service;
        private final String instance;
        private final Supplier<String> run;

        JsonLines(String service, String instance, Supplier<String> run) {
            this.service = service;
            this.instance = instance;
            this.run = run;
            setWithSequenceNumber(false);
            setWithNanoseconds(false);
            setWithContext(false);
            setWithMarkers(false);
            setWithMDC(false);
            setWithKVPList(false);
            setWithArguments(false);
            setWithMessage(false);
            setWithFormattedMessage(true);
        }

        @Override
        protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
            append(line, "service", service);
            append(line, "instance", instance);
            append(line, "run", run.get());
        }

        private void append(StringBuilder line, String name, String value) {
            line.append(VALUE_SEPARATOR);
            appenderMember(line, name, JsonEscapeUtil.jsonEscapeString(value));
        }
    }
}
