package io.ringrift.agent;

/** Starts the agent. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("agent");
    }
}
