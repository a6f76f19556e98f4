package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * What protects the agents' traffic; no component is null.
 *
 * @param gossipEncryption seals SWIM's packets
 * @param tls HTTP and Raft between pods by TLS from the cluster's own CA
 * @param networkPolicy closes SWIM and Raft to all but members, HTTP to what is outside of this Kubernetes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecuritySpec(
        @JsonPropertyDescription(
                "Seal SWIM's packets with AES-256-GCM; keys are made by the operator. Fixed at creation.")
        @Default("true")
        @ValidationRule(
                value = Rules.UNCHANGED,
                message =
                        "gossipEncryption cannot be changed: agents that seal and agents that do not cannot hear each other")
        Boolean gossipEncryption,

        @JsonPropertyDescription(
                "TLS between the pods, from a CA that the operator makes for this cluster. Fixed at creation.")
        @Default("true")
        @ValidationRule(
                value = Rules.UNCHANGED,
                message = "tls cannot be changed: agents with and without TLS cannot hear each other")
        Boolean tls,

        @JsonPropertyDescription(
                "A NetworkPolicy: SWIM and Raft from the cluster's own pods only, the agents' HTTP port from pods of any namespace of this Kubernetes (what changes something needs the credential), all other ports as without it.")
        @Default("true")
        Boolean networkPolicy) {
    public SecuritySpec {
        gossipEncryption = gossipEncryption == null || gossipEncryption;
        tls = tls == null || tls;
        networkPolicy = networkPolicy == null || networkPolicy;
    }

    /** The defaults. */
    static final SecuritySpec UNSET = new SecuritySpec(null, null, null);
}
