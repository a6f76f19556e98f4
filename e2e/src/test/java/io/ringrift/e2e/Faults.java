package io.ringrift.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What goes wrong below Kubernetes: packets that are dropped, processes that die with nobody to start them again, nodes that lose
 * their power. Only the clusters that e2e/kube makes let themselves be treated so.
 */
final class Faults {

    private static final String KUBE = Tools.project("e2e/kube/kube").toString();

    private final String cluster;

    private Faults(String cluster) {
        this.cluster = cluster;
    }

    /** Faults for the cluster of that configuration; empty where another program than e2e/kube made it. */
    static Optional<Faults> of(Path kubeconfig) {
        Path directory = kubeconfig.toAbsolutePath().getParent();
        return Optional.ofNullable(directory.getParent())
                .filter(Tools.kubeHome().resolve("clusters")::equals)
                .map(clusters -> new Faults(directory.getFileName().toString()));
    }

    /** Drops what the pod sends to, and what it receives at, a UDP port of anybody, until {@link #heal}. */
    void blockUdp(Pod pod, int port) {
        filter(pod, "udp dport " + port + " drop");
    }

    /** Drops everything that the pod sends and receives, beside what stays in the pod, until {@link #heal}. */
    void cutOff(Pod pod) {
        filter(pod, "oifname != \"lo\" drop");
    }

    /** Ends the packet filter of {@link #blockUdp} and {@link #cutOff}. */
    void heal(Pod pod) {
        inPodsNetwork(pod, "nft delete table inet fault");
    }

    /**
     * Kills the agent of the pod at once, without a goodbye, and keeps the kubelet from starting another until {@link #resume}.
     */
    void kill(Pod pod) {
        onNode(pod, """
                pkill -STOP -x kubelet
                for process in /proc/[0-9]*; do
                  if tr '\\0' '\\n' <$process/environ 2>/dev/null | grep -qx 'RINGRIFT_NODE_ID=%s' \\
                      && grep -qx java $process/comm; then kill -KILL ${process#/proc/}; found=1; fi
                done
                [ -n "$found" ]
                """.formatted(pod.getMetadata().getName()));
    }

    /** Lets the kubelet of the pod's node work again. */
    void resume(Pod pod) {
        onNode(pod, "pkill -CONT -x kubelet");
    }

    /** Pulls the plug of the pod's node. */
    void crashNodeOf(Pod pod) {
        kube("crash", cluster, number(pod));
    }

    /** Starts the pod's node again, with the disk it had. */
    void bootNodeOf(Pod pod) {
        kube("boot", cluster, number(pod));
    }

    private void filter(Pod pod, String rule) {
        String table = "add table inet fault\n"
                + Stream.of("input", "output")
                        .map(hook -> "add chain inet fault " + hook + " { type filter hook " + hook + " priority 0; }\n"
                                + "add rule inet fault " + hook + " "
                                + (hook.equals("input") ? rule.replace("oifname", "iifname") : rule) + "\n")
                        .reduce("", String::concat);
        inPodsNetwork(pod, "printf '%s' '" + table + "' | nft -f -");
    }

    private void inPodsNetwork(Pod pod, String script) {
        onNode(pod, """
                for network in /var/run/netns/*; do
                  if nsenter --net=$network ip -o -4 address | grep -q ' %s/'; then
                    nsenter --net=$network sh -c "$1"; exit
                  fi
                done
                echo 'no network with the address of the pod' >&2; exit 1
                """.formatted(pod.getStatus().getPodIP()), script);
    }

    private void onNode(Pod pod, String script, String... arguments) {
        kube(Stream.concat(Stream.of("node", cluster, number(pod), "sh", "-ec", script, "sh"), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    /** Nodes are named by the cluster and their number. */
    private String number(Pod pod) {
        return pod.getSpec().getNodeName().substring(cluster.length() + 1);
    }

    private static void kube(String... arguments) {
        Command.run(Stream.concat(Stream.of(KUBE), Arrays.stream(arguments)).toArray(String[]::new))
                .ok();
    }
}
