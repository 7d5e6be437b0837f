module modular {
    requires dev.corral;
    requires jdk.httpserver;
}
