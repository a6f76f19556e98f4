package io.ringrift.agent.config;

import java.util.List;
import java.util.Set;

/** What becomes of a change at run time. */
public sealed interface ConfigDecision {

    /**
     * The change is in force.
     *
     * @param changes keys whose text is another one now
     * @param reloaded files that keys name and whose content is another one now
     * @param warnings sentences that were not true of the configuration before
     */
    record Applied(AgentConfig config, List<Change> changes, Set<SecretFile> reloaded, List<String> warnings)
            implements ConfigDecision {}

    /** It runs already, or a newer one does. */
    record Unchanged() implements ConfigDecision {}

    /** It was refused whole; what ran before runs on. */
    record Refused(ConfigStatus.Refusal refusal) implements ConfigDecision {}

    /** One key, safe to print; {@code not set} stands for the absence of a value. */
    record Change(String key, String before, String after) {}

    /** The kinds of files that keys name. */
    enum SecretFile implements Token {
        AUTH_TOKEN,
        GOSSIP_KEYS,
        TLS
    }
}
