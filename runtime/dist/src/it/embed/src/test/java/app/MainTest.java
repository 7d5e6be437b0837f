package app;

import dev.corral.Program;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void shouldReloadWithoutLosingARequest() throws Exception {
        Main.check(Program.main(Server.class), Server.PORT);
    }
}
