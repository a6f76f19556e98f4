package io.ringrift.agent.coordinator;

import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Verdict;
import java.util.List;
import java.util.Optional;

/** Stands where SWIM is not part of the build. */
public final class NoSwim implements FailureDetector {
    @Override
    public Optional<String> unavailable() {
        return Optional.of("SWIM is not available in this build");
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
