package io.ringrift.agent.state;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where commands are replicated; implemented by the Raft peer, asked by the REST side. Thread safe. */
public interface StateLog {
    /** Replicates a command; its result after commit and apply. Fails with {@link StateLogException}. */
    CompletionStage<byte[]> submit(byte[] command);

    /** This node leads by Raft and may act now. */
    boolean mayAct();

    /** Reads what was applied here, which may be stale; return quickly. Throws {@link StateLogException} where no peer runs here. */
    <T> T readLocal(Function<ReplicatedState, T> read);
}
