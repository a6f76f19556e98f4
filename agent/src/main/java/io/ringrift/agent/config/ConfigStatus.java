package io.ringrift.agent.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code /status} says of the configuration.
 *
 * @param generation the generation that runs; empty where nobody numbers it
 * @param refused the change that was not taken, until a later change is taken
 */
public record ConfigStatus(OptionalLong generation, Optional<Refusal> refused) {

    /**
     * A change that was refused whole.
     *
     * @param generation the generation of the refused change; empty where it has none
     * @param problems one sentence each: the key, the value (never a secret's), what is allowed
     */
    public record Refusal(OptionalLong generation, List<String> problems) {}
}
