package io.ringrift.agent.membership;

/** The three ports a node listens on, each 1-65535. */
public record Ports(int http, int swim, int raft) {}
