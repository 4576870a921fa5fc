package dev.tidemark.cli.faults;

import dev.tidemark.cli.Processes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the members of groups speak to Kafka, and for how long they may say nothing. */
enum Groups {
    /** By the classic protocol: for how long is their own word. */
    CLASSIC(ServiceProcesses.SHORT_SESSIONS, List.of()),

    /** By the newest ones, markers too: for how long is the broker's word. */
    NEWEST(
            Map.of("kafka.group.protocol", "consumer"),
            Stream.of("consumer", "streams").flatMap(Groups::sessions).toList()),

    /** As they are if nobody says anything. */
    UNTOLD(Map.of(), List.of()),

    /** So that nobody is taken for dead for being slow, the broker neither. */
    PATIENT(Map.of(), List.of("broker.session.timeout.ms=" + Processes.LONGEST.toMillis()));

    final Map<String, String> ofServices;
    final List<String> ofBrokers;

    Groups(Map<String, String> ofServices, List<String> ofBrokers) {
        this.ofServices = ofServices;
        this.ofBrokers = ofBrokers;
    }

    private static Stream<String> sessions(String protocol) {
        return Map.of(
                        "session.timeout.ms", ServiceProcesses.SESSION,
                        "heartbeat.interval.ms", ServiceProcesses.HEARTBEAT)
                .entrySet()
                .stream()
                .flatMap(time -> Stream.of("", "min.")
                        .map(min -> "group.%s.%s%s=%d"
                                .formatted(
                                        protocol,
                                        min,
                                        time.getKey(),
                                        time.getValue().toMillis())));
    }
}
