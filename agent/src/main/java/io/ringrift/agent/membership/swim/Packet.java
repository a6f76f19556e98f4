package io.ringrift.agent.membership.swim;

import java.util.List;

/**
 * A decoded packet.
 *
 * @param destination 0: whoever is there
 * @param viewHash of the sender's whole view; equal hashes mean equal views
 */
record Packet(long source, long destination, long viewHash, Message message, List<Update> updates) {}
