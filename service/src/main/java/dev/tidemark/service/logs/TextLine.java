package dev.tidemark.service.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.util.CachingDateFormatter;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** An event of the log as one line of text: time, level, service, run, logger, message, and the causes of a failure. */
final class TextLine extends LayoutBase<ILoggingEvent> {

    private final CachingDateFormatter time = new CachingDateFormatter("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", ZoneOffset.UTC);
    private final String service;
    private final boolean traces;
    private final Supplier<String> run;

    /**
     * @param traces whether a failure that is no defect has its stack trace, too
     */
    TextLine(String service, boolean traces, Supplier<String> run) {
        this.service = service;
        this.traces = traces;
        this.run = run;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String logger = event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
        IThrowableProxy failure = event.getThrowableProxy();
        String why = failure == null
                ? ""
                : ": " + oneLine(traces || isDefect(failure) ? ThrowableProxyUtil.asString(failure) : causes(failure));
        return "%s %-5s %s [%s] %s %s%s\n"
                .formatted(
                        time.format(event.getTimeStamp()),
                        event.getLevel(),
                        service,
                        run.get(),
                        logger,
                        oneLine(event.getFormattedMessage()),
                        why);
    }

    /** The text in one line, so that a line is an event. */
    private static String oneLine(String text) {
        return text.strip().replace("\r", "").replace("\t", " ").replace("\n", "\\n");
    }

    /** The failure and its causes, in a few words. A message that repeats an earlier one is left out. */
    private static String causes(IThrowableProxy failure) {
        var causes = new StringBuilder();
        for (IThrowableProxy cause = failure; cause != null; cause = cause.getCause()) {
            String type = cause.getClassName().substring(cause.getClassName().lastIndexOf('.') + 1);
            String message = cause.getMessage() == null ? "" : cause.getMessage();
            if (causes.isEmpty() || message.isEmpty() || causes.indexOf(message) < 0) {
                causes.append(causes.isEmpty() ? "" : "; because of ")
                        .append(type)
                        .append(message.isEmpty() ? "" : ": ")
                        .append(message);
            }
        }
        return causes.toString();
    }

    /**
     * Whether it is a mistake in a program, of which nobody would know where it is without its trace; a network, a disk
     * or another service has failed otherwise.
     */
    private static boolean isDefect(IThrowableProxy failure) {
        IThrowableProxy root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return !(root instanceof ThrowableProxy known)
                || known.getThrowable() instanceof Error
                || (known.getThrowable() instanceof RuntimeException
                        && known.getClassName().startsWith("java."));
    }
}
