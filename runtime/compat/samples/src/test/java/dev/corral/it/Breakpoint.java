package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A debugger at one breakpoint of another JVM, in all copies of the class. */
final class Breakpoint implements AutoCloseable {
    private final VirtualMachine jvm;

    /** At the first line of this method; only the thread that comes there is to stop. */
    Breakpoint(int port, Class<?> type, String method) throws IOException, IllegalConnectorArgumentsException {
        AttachingConnector sockets = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach")).findAny().orElseThrow();
        Map<String, Connector.Argument> arguments = sockets.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        jvm = sockets.attach(arguments);
        List<ReferenceType> copies = jvm.classesByName(type.getName());
        assertFalse(copies.isEmpty());
        for (ReferenceType copy : copies) {
            BreakpointRequest request = jvm.eventRequestManager()
                    .createBreakpointRequest(copy.methodsByName(method).getFirst().location());
            request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            request.enable();
        }
    }

    /** Waits until a thread stands there. */
    void awaitThread() throws InterruptedException {
        while (true) {
            EventSet events = jvm.eventQueue().remove();
            if (events.stream().anyMatch(BreakpointEvent.class::isInstance)) {
                return;
            }
            events.resume();
        }
    }

    /** Lets all go on, and leaves. */
    @Override
    public void close() {
        jvm.dispose();
    }
}
