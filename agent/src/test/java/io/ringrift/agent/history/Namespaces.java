package io.ringrift.agent.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network for each agent, joined by routes in the network that this process runs in, where a packet filter cuts them off from each other.
 * Needs root, and a network of its own for this process: start it by {@code unshare --net}.
 */
final class Namespaces implements AutoCloseable {
    private final List<Process> holders = new ArrayList<>();

    /** Makes {@code count} networks; each lives as long as a process that does nothing in it. */
    Namespaces(int count) {
        run("ip", "link", "set", "lo", "up");
        run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        run("nft", "add table ip cuts");
        run("nft", "add chain ip cuts forward { type filter hook forward priority 0; }");
        for (int i = 0; i < count; i++) {
            holders.add(hold());
            String pid = Long.toString(holders.get(i).pid());
            String link = "agent" + i;
            run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pid);
            run("ip", "addr", "add", "10.77." + i + ".1/24", "dev", link);
            run("ip", "link", "set", link, "up");
            for (String[] inside : new String[][] {
                {"ip", "link", "set", "lo", "up"},
                {"ip", "addr", "add", host(i) + "/24", "dev", "eth0"},
                {"ip", "link", "set", "eth0", "up"},
                {"ip", "route", "add", "default", "via", "10.77." + i + ".1"},
            }) {
                List<String> command = new ArrayList<>(within(i));
                command.addAll(List.of(inside));
                run(command.toArray(String[]::new));
            }
        }
    }

    /** Says when the network is there: a process between fork and unshare still is in ours. */
    private static Process hold() {
        try {
            Process holder =
                    new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity").start();
            if (holder.getInputStream().read() < 0) {
                throw new IllegalStateException("unshare --net does not work: this needs root");
            }
            return holder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String host(int i) {
        return "10.77." + i + ".2";
    }

    /** The command that runs another one in a network. */
    List<String> within(int i) {
        return List.of("nsenter", "--target", Long.toString(holders.get(i).pid()), "--net", "--");
    }

    /** Nothing passes from one to the other any more; the way back is not concerned. */
    void cut(int from, int to) {
        run("nft", "add rule ip cuts forward ip saddr " + host(from) + " ip daddr " + host(to) + " drop");
    }

    /** Everything passes again. */
    void heal() {
        run("nft", "flush chain ip cuts forward");
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        holders.forEach(Process::destroyForcibly);
    }
}
