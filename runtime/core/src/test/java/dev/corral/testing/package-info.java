/**
 * HTTP clients, load generators and the harness that the tests of several modules share. The jar
 * {@code corral-core-VERSION-tests.jar} contains this package and nothing else, so that a module which depends on it
 * gets no tests and no test programs of the core.
 *
 * <ul>
 * <li>{@link dev.corral.testing.Harness}: a cluster whose events and output lines are kept;
 * <li>{@link dev.corral.testing.Requests}, {@link dev.corral.testing.Client},
 * {@link dev.corral.testing.HttpConnection}: one request, many requests on new connections, requests on a kept
 * connection;
 * <li>{@link dev.corral.testing.ClosedLoop}, {@link dev.corral.testing.Reloads}: load that records every failure, and
 * reloads under such a load;
 * <li>{@link dev.corral.testing.Footprint}: what the JVM still holds after workers have ended;
 * <li>{@link dev.corral.testing.Soak}: whether the long forms of the tests run.</ul>
 *
 * <p>The package belongs to the tests of the core and is not a module of Maven. A separate module would need the core,
 * because the harness opens clusters, and the tests of the core would need that module. Maven refuses such a cycle.
 */
package dev.corral.testing;
