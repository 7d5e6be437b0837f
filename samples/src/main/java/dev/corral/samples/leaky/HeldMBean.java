package dev.corral.samples.leaky;

/** What is registered with the JVM's MBean server. */
public interface HeldMBean {
    int getBlocks();
}
