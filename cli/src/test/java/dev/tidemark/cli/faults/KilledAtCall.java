package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.ByteValue;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import dev.tidemark.cli.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A JVM that is killed right before a system call that changes a directory: a rename, a link, an unlink. The JDK's
 * debugger stops all of its threads there, so no time passes between that moment and the kill, and what came before
 * the call is done.
 */
final class KilledAtCall implements AutoCloseable {

    /** The class in which the JDK makes these calls, and its methods that do: one of each name. */
    private static final String CALLS = "sun.nio.fs.UnixNativeDispatcher";

    private static final List<String> NAMES = List.of("rename", "link", "unlink", "rmdir");

    private final ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(known -> known.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();

    private final Map<String, Connector.Argument> arguments = connector.defaultArguments();
    private final String address;

    /**
     * A call that is about to be made.
     *
     * @param name of it: rename, link, unlink or rmdir
     * @param path of the file that it makes or takes away; of a rename, the new one
     */
    record Call(String name, String path) {

        boolean is(String ofName, String part) {
            return name.equals(ofName) && path.contains(part);
        }
    }

    KilledAtCall() {
        arguments.get("localAddress").setValue("127.0.0.1");
        try {
            address = connector.startListening(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The option of a JVM that is to be killed: it waits for {@link #kill} as it starts. */
    String option() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address;
    }

    /**
     * Lets the process go on, and kills it at the nth of these calls, counted from 1.
     *
     * @throws AssertionError if it comes to its end before that
     */
    void kill(Process process, Predicate<Call> which, int nth) {
        try {
            VirtualMachine machine = connector.accept(arguments);
            ClassPrepareRequest loaded = machine.eventRequestManager().createClassPrepareRequest();
            loaded.addClassFilter(CALLS);
            loaded.enable();
            assertThat(letGo(machine, which, nth))
                    .as("it was killed, and did not end")
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Processes.kill(process);
        }
    }

    /** False if it has ended. */
    private static boolean letGo(VirtualMachine machine, Predicate<Call> which, int nth) throws InterruptedException {
        int calls = 0;
        try {
            while (true) {
                EventSet events = machine.eventQueue().remove();
                for (Event event : events) {
                    switch (event) {
                        case VMDeathEvent death -> {
                            return false;
                        }
                        case VMDisconnectEvent gone -> {
                            return false;
                        }
                        case ClassPrepareEvent loaded -> stopAtCalls(machine, loaded.referenceType());
                        case BreakpointEvent stop when which.test(call(stop)) -> calls++;
                        default -> {
                            // It goes on.
                        }
                    }
                }
                if (calls == nth) {
                    return true;
                }
                events.resume();
            }
        } catch (VMDisconnectedException e) {
            return false;
        }
    }

    private static void stopAtCalls(VirtualMachine machine, ReferenceType calls) {
        for (String name : NAMES) {
            Method method = calls.methodsByName(name).getFirst();
            machine.eventRequestManager()
                    .createBreakpointRequest(method.location())
                    .enable();
        }
    }

    private static Call call(BreakpointEvent stop) {
        try {
            List<Value> paths = stop.thread().frame(0).getArgumentValues();
            return new Call(stop.location().method().name(), path((ObjectReference) paths.getLast()));
        } catch (IncompatibleThreadStateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK's path has its bytes in a field: no code of a process that stands still has to be run. */
    private static String path(ObjectReference path) {
        var bytes = (ArrayReference) path.getValue(path.referenceType().fieldByName("path"));
        List<Value> values = bytes.getValues();
        byte[] text = new byte[values.size()];
        for (int i = 0; i < text.length; i++) {
            text[i] = ((ByteValue) values.get(i)).value();
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            connector.stopListening(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }
}
