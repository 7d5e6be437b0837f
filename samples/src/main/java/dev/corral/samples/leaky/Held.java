package dev.corral.samples.leaky;

/** A bean that refers to data. */
public final class Held implements HeldMBean {
    private final Blocks data;

    Held(Blocks data) {
        this.data = data;
    }

    @Override
    public int getBlocks() {
        return data.count();
    }
}
