package dev.tidemark.service.process;

/** The exit codes of a service's process, and their lines in its help. */
final class ServiceExit {

    static final int FAILED = 1;
    static final int SETTINGS = 2;

    static final String HEADING = "%nExit codes:%n";
    static final String FAILED_HELP = "1:it cannot go on: the end of its log says why";
    static final String SETTINGS_HELP = "2:a setting is wrong, or the topics on Kafka don't fit";
    static final String TOLD_HELP = "143:it was told to end (SIGTERM): until then it runs";

    private ServiceExit() {}
}
