package dev.tidemark.cli.exit;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The exit codes of every command, and their meanings as its help has them. */
public final class ExitCode {

    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int WAITING = 3;
    /** That nothing is wrong can't be proved, or can't be proved yet. */
    public static final int UNPROVABLE = 4;

    // As the help of a command that says more, or other things, of a code has them.
    public static final String DONE_HELP = "0:done";
    public static final String FAILED_HELP = "1:failed: a line on standard error says why";
    public static final String USAGE_HELP = "2:usage: a wrong option, or something named that is not there";
    public static final String WAITING_HELP =
            "3:waiting for approval: more would go than --max-delete allows, nothing was deleted";
    public static final String UNVERIFIED_HELP =
            "4:swept, and not verified within five minutes: whether it has deleted too much is not known yet";
    public static final String INTERRUPTED_HELP = "130:interrupted: Ctrl-C";

    private ExitCode() {}

    /** Every command's help has its exit codes: its own, or what they mean everywhere. */
    public static void describe(CommandLine.Model.UsageMessageSpec help) {
        help.exitCodeListHeading("%nExit codes:%n");
        if (help.exitCodeList().isEmpty()) {
            Map<String, String> codes = new LinkedHashMap<>();
            for (String code : new String[] {DONE_HELP, FAILED_HELP, USAGE_HELP}) {
                codes.put(code.substring(0, 1), code.substring(2));
            }
            help.exitCodeList(codes);
        }
    }
}
