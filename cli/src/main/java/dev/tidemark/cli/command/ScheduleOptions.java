package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.schedule.Collector;
import dev.tidemark.cli.schedule.Rest;
import dev.tidemark.cli.schedule.ScheduledCollections;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.service.health.Health;
import dev.tidemark.service.health.HttpEndpoints;
import dev.tidemark.service.metrics.ScheduleMetrics;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.process.ServiceProcess;
import dev.tidemark.service.settings.CronSchedule;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a command that stays up and collects by a schedule. */
final class ScheduleOptions {

    private static final String PORT = "--http-port";
    private static final String OFF = "off";

    @Option(
            names = "--schedule",
            order = 11,
            paramLabel = "CRON",
            converter = Cron.class,
            description = "stay up, and collect whenever it is time: a cron expression of five fields, as '0 3 * * *', "
                    + "or @hourly, @daily, @weekly, @monthly; in the time zone of this process (TZ)")
    private CronSchedule schedule;

    @Option(
            names = PORT,
            order = 12,
            paramLabel = "PORT",
            defaultValue = "${env:TIDEMARK_HTTP_PORT:-8080}",
            showDefaultValue = Visibility.NEVER,
            description = "with --schedule: where /health/live, /health/ready and /metrics are; 0 for any free port; "
                    + "off for none (also TIDEMARK_HTTP_PORT; default: 8080)")
    private String port;

    /** Reads {@link CronSchedule#parse}. */
    static final class Cron implements ITypeConverter<CronSchedule> {
        @Override
        public CronSchedule convert(String text) {
            try {
                return CronSchedule.parse(text, ZoneId.systemDefault());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "': " + e.getMessage());
            }
        }
    }

    boolean asked() {
        return schedule != null;
    }

    /**
     * Collects by the schedule until the process is told to end.
     *
     * @param collector made with the metrics that it tells of itself
     * @throws UsageException if the port is none
     * @throws dev.tidemark.service.settings.InvalidSettingsException if it is taken
     */
    void collect(
            InstantSource clock,
            Rest rest,
            Function<ScheduleMetrics, Collector> collector,
            Terminal terminal,
            Output output) {
        var told = new ScheduleMetrics(clock);
        var collections = new ScheduledCollections(
                schedule::next,
                ZoneId.systemDefault(),
                clock,
                rest,
                collector.apply(told),
                told,
                terminal,
                output.quiet());
        var health = new Health();
        health.ready("schedule", collections::notReady);
        OptionalInt wanted = port();
        String instance = Optional.ofNullable(System.getenv("TIDEMARK_INSTANCE"))
                .filter(name -> !name.isBlank())
                .orElseGet(ServiceProcess::host);
        try (var metrics = new ServiceMetrics("collect", instance);
                HttpEndpoints http =
                        wanted.isEmpty() ? null : new HttpEndpoints(wanted.getAsInt(), health, metrics::scrape)) {
            told.bindTo(metrics);
            told.ofRun().bindTo(metrics);
            collections.announce();
            if (http != null && !output.quiet()) {
                terminal.error("health and metrics at port " + http.port());
            }
            collections.run();
        }
    }

    private OptionalInt port() {
        if (OFF.equalsIgnoreCase(port)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(new Numbers.Port().convert(port));
        } catch (TypeConversionException e) {
            throw new UsageException(PORT + ": " + e.getMessage() + ", or off", e);
        }
    }
}
