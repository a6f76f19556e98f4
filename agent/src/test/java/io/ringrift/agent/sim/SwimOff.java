package io.ringrift.agent.sim;

import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Verdict;
import java.util.List;
import java.util.Optional;

/** A SWIM that does not run, for tests of what is beside it. */
public final class SwimOff implements FailureDetector {
    @Override
    public Optional<String> unavailable() {
        return Optional.of("SWIM is off");
    }

    @Override
    public long version() {
        return 0;
    }

    @Override
    public List<Verdict> verdicts() {
        return List.of();
    }
}
