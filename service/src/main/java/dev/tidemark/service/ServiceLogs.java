package dev.tidemark.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of a service, on standard output: one line an event, with the run that it is about. As text a failure is told by its causes; as
 * JSON it has its stack trace in a field of its own.
 */
public final class ServiceLogs {

  private ServiceLogs() {}

  /**
   * @param run the run at hand, or {@code -}
   */
  public static void configure(String service, String instance, boolean json, String level, Supplier<String> run) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("console");
    Level ours = Level.toLevel(level);
    appender.setEncoder(
        json
            ? started(new JsonLines(service, instance, run), context)
            : started(new TextLines(service, ours == Level.DEBUG, run), context));
    appender.start();
    context.addTurboFilter(new Repetitions(System::nanoTime));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
    context.getLogger("dev.tidemark").setLevel(ours);
    root.addAppender(appender);
  }

  private static <E extends Encoder<ILoggingEvent>> E started(E encoder, LoggerContext context) {
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /** Whatever it is goes into one line, so that a line is an event. */
  private static String oneLine(String text) {
    return text.strip().replace("\r", "").replace("\t", " ").replace("\n", "\\n");
  }

  /** What failed and why, in a few words: of a cause that repeats the last one, only once. */
  private static String causes(IThrowableProxy failure) {
    var causes = new StringBuilder();
    for (IThrowableProxy cause = failure; cause != null; cause = cause.getCause()) {
      String type = cause.getClassName().substring(cause.getClassName().lastIndexOf('.') + 1);
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      if (causes.isEmpty() || message.isEmpty() || causes.indexOf(message) < 0) {
        causes.append(causes.isEmpty() ? "" : "; because of ").append(type).append(message.isEmpty() ? "" : ": ").append(message);
      }
    }
    return causes.toString();
  }

  /**
   * Whether it is a mistake in a program, of which nobody would know where it is without its trace; a network, a disk or another service
   * has failed otherwise.
   */
  private static boolean isDefect(IThrowableProxy failure) {
    IThrowableProxy root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return !(root instanceof ThrowableProxy known)
        || known.getThrowable() instanceof Error
        || known.getThrowable() instanceof RuntimeException && known.getClassName().startsWith("java.");
  }

  private static final class TextLines extends EncoderBase<ILoggingEvent> {

    private final PatternLayoutEncoder time = new PatternLayoutEncoder();
    private final String service;
    private final boolean traces;
    private final Supplier<String> run;

    /**
     * @param traces whether stack traces are wanted of what is no defect, too
     */
    TextLines(String service, boolean traces, Supplier<String> run) {
      this.service = service;
      this.traces = traces;
      this.run = run;
    }

    @Override
    public void start() {
      time.setContext(context);
      // Without %nopex logback adds the trace to any pattern, in its many lines.
      time.setPattern("%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\",UTC} %-5level %nopex");
      time.start();
      super.start();
    }

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      String logger = event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
      IThrowableProxy failure = event.getThrowableProxy();
      String why = failure == null ? "" : ": " + oneLine(traces || isDefect(failure) ? ThrowableProxyUtil.asString(failure) : causes(failure));
      String line = new String(time.encode(event), StandardCharsets.UTF_8)
          + service + " [" + run.get() + "] " + logger + " " + oneLine(event.getFormattedMessage()) + why + "\n";
      return line.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }

  private static final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String service;
    private final String instance;
    private final Supplier<String> run;

    JsonLines(String service, String instance, Supplier<String> run) {
      this.service = service;
      this.instance = instance;
      this.run = run;
    }

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("timestamp", event.getInstant().toString());
      line.put("level", event.getLevel().toString());
      line.put("service", service);
      line.put("instance", instance);
      line.put("run", run.get());
      line.put("logger", event.getLoggerName());
      line.put("thread", event.getThreadName());
      line.put("message", event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        line.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      try {
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a line is plain data", e);
      }
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }
}
