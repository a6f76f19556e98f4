package io.ringrift.agent.state;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where commands are replicated; implemented by the Raft peer, asked by the REST side. Thread safe. */
public interface StateLog {
    /**
     * Replicates commands; those that come together share an entry, as far as they fit. What became of each, in their order, once that is known of
     * all. Does not fail.
     */
    CompletionStage<List<Outcome>> submit(List<byte[]> commands);

    /** This node leads by Raft and may act now. */
    boolean mayAct();

    /** What time it is for the state, in milliseconds since 1970. Throws {@link StateLogException} where no peer runs here. */
    long nowMillis();

    /** Reads what was applied here, which may be stale; return quickly. Throws {@link StateLogException} where no peer runs here. */
    <T> T readLocal(Function<ReplicatedState, T> read);
}
