/** Corral: isolated copies of a program in one JVM. The package {@code dev.corral} is the API. */
module dev.corral {
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires java.net.http;
    requires java.sql;
    requires jdk.httpserver;
    requires jdk.management;
    requires jdk.unsupported;
    requires static java.instrument;
    requires static org.jspecify;

    exports dev.corral;
    // The classes that woven code of workers extends and creates in place of classes of the JDK, and the provider of
    // channels, which the JDK creates by reflection.
    exports dev.corral.port;
    exports dev.corral.redirect.cleanup;
    exports dev.corral.redirect.code;
    exports dev.corral.redirect.service;
    exports dev.corral.redirect.thread;
}
