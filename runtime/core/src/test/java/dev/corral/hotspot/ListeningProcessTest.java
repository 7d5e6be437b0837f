package dev.corral.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ListeningProcessTest {
    @Test
    void shouldNameTheProcessThatListens() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            String process = ListeningProcess.on(port).orElseThrow();
            assertTrue(process.startsWith("this process, " + ProcessHandle.current().pid() + " ("), process);
        }
        assertEquals(Optional.empty(), ListeningProcess.on(port));
    }
}
