package dev.corral.samples.leaky;

/** The interface of the bean in the JVM's MBean server. */
public interface HeldMBean {
    int getBlocks();
}
