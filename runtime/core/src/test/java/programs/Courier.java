package programs;

import dev.corral.Message;
import dev.corral.WorkerContext;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerMain;
import programs.common.Tally;

/** Passes messages on: each that it gets, to the worker that is named in it, as often as it says. */
public final class Courier implements WorkerMain {
    private WorkerContext me;

    /** To be passed on to another worker, and back, so often. */
    public record Parcel(int number, int hops, long next) {}

    @Override
    public void run(WorkerContext context) {
        me = context;
        me.onMessage(this::pass);
        me.ready();
    }

    private void pass(Message message) {
        var parcel = (Parcel) message.body();
        Tally.delivered(parcel.number());
        if (parcel.hops() > 0) {
            int number = Tally.next();
            try {
                // who waits here for somebody who waits for him waits for ever
                boolean taken = me.trySend(parcel.next(), new Parcel(number, parcel.hops() - 1, me.id()));
                if (taken) {
                    Tally.accepted(number);
                } else {
                    Tally.refused(number);
                }
            } catch (WorkerExitedException | IllegalArgumentException e) {
                Tally.refused(number);
            }
        }
    }
}
