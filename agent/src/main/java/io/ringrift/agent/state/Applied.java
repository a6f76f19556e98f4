package io.ringrift.agent.state;

import java.util.List;
import java.util.Optional;

/**
 * What became of an entry.
 *
 * @param accepted false: it was refused as a whole and changed nothing
 * @param epoch the leadership's epoch after it
 * @param holder who leads under that epoch
 * @param results of its commands, in their order; empty for an entry without commands
 */
public record Applied(boolean accepted, long epoch, Optional<String> holder, List<byte[]> results) {}
