package dev.corral.balance;

import dev.corral.Balancer;
import dev.corral.Worker;
import java.net.InetSocketAddress;
import java.util.List;

/** Takes turns by slot. A worker that joins or leaves does not change the turns of the others. */
public final class RoundRobin implements Balancer {
    private int slot = -1;
    private long id;
    /** The index of the last choice in the list of that time; still valid if the list has not changed. */
    private int index = -1;

    @Override
    public Worker choose(InetSocketAddress client, List<Worker> ready) {
        index = isLast(index, ready) ? index + 1 : indexAfterLast(ready);
        if (index == ready.size()) {
            index = 0;
        }
        Worker chosen = ready.get(index);
        slot = chosen.slot();
        id = chosen.id();
        return chosen;
    }

    private boolean isLast(int index, List<Worker> ready) {
        return index >= 0 && index < ready.size() && ready.get(index).id() == id;
    }

    private int indexAfterLast(List<Worker> ready) {
        int next = 0;
        while (next < ready.size() && !isAfterLast(ready.get(next))) {
            next++;
        }
        return next;
    }

    private boolean isAfterLast(Worker worker) {
        return worker.slot() != slot ? worker.slot() > slot : worker.id() > id;
    }
}
