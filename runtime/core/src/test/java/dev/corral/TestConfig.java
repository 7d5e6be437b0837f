package dev.corral;

import dev.corral.master.Settings;

/** Gives tests in other packages the default configuration. */
public final class TestConfig {
    private TestConfig() {}

    public static ClusterConfig of(Program program) {
        return Settings.defaults(program);
    }
}
