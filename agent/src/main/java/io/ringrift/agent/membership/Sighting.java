package io.ringrift.agent.membership;

/**
 * Proof that one run of a node lives: it sent a message, or answered one.
 *
 * @param address where its REST API is reached
 * @param ports all its ports, as it tells them
 * @param modes what it runs
 */
public record Sighting(Identity identity, Address address, Ports ports, Member.Modes modes) {}
