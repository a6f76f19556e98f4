package io.ringrift.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What an operator is told by its environment: {@code RINGRIFT_AGENT_IMAGE}, {@code RINGRIFT_LEASE_NAME} and so on. */
@ConfigMapping(prefix = "ringrift")
public interface OperatorConfig {
    /** The agent that clusters get which name none themselves, from the first time they are seen. */
    String agentImage();

    /** The Lease by which several operators agree on the one that works; unset: this one works alone. */
    Optional<String> leaseName();

    /** Where the lease lies; unset: the operator's own namespace. */
    Optional<String> leaseNamespace();

    /** This operator's name on the lease; unset: made up. */
    Optional<String> podName();

    /** Time between two looks at the same agent. */
    @WithDefault("2s")
    Duration observeInterval();
}
