package io.ringrift.agent.membership.swim;

import java.util.List;
import java.util.Optional;

/**
 * What a request of the full-state exchange led to.
 *
 * @param body the answer; empty: the request was none, or not for this instance
 */
public record SyncAnswer(Optional<byte[]> body, List<SwimEffect> effects) {}
