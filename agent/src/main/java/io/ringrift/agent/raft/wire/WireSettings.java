package io.ringrift.agent.raft.wire;

import java.net.InetSocketAddress;

/**
 * What the connections of a peer need to know.
 *
 * @param self its name
 * @param at where it listens
 * @param where where the others are, at the moment of each question
 * @param clock what is told to them and heard from them
 */
public record WireSettings(String self, InetSocketAddress at, Whereabouts where, Sockets sockets, PeerClock clock) {}
