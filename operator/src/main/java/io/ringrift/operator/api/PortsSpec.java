package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * The agents' ports, 1 to 65535, all different; none is null. They are fixed for the cluster's life: agents on other ports
 * would not find each other while pods are replaced one by one.
 *
 * @param http TCP: REST, polling, metrics, health
 * @param swim UDP: gossip
 * @param raft TCP: Raft
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PortsSpec(
        @JsonPropertyDescription("TCP port of the agents' REST API, polling, metrics and health.")
        @Min(1) @Max(65535) @Default("8770")
        Integer http,

        @JsonPropertyDescription("UDP port of SWIM's gossip.") @Min(1) @Max(65535) @Default("7947")
        Integer swim,

        @JsonPropertyDescription("TCP port of Raft.") @Min(1) @Max(65535) @Default("4321")
        Integer raft) {
    public PortsSpec {
        http = http == null ? 8770 : http;
        swim = swim == null ? 7947 : swim;
        raft = raft == null ? 4321 : raft;
    }

    /** The defaults. */
    static final PortsSpec UNSET = new PortsSpec(null, null, null);
}
