package io.ringrift.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Kubernetes that the tests run on: the one that KUBECONFIG names, which must have the images or be able to pull them,
 * else one of three nodes that hack/cluster makes, and that is gone afterwards unless RINGRIFT_E2E_KEEP is set.
 */
final class Kubernetes implements AutoCloseable {

    private static final String OWN = "e2e";
    private static final String HACK = Tools.project("hack/cluster").toString();

    private final Path kubeconfig;
    private final KubernetesClient client;
    private final boolean own;

    private Kubernetes(Path kubeconfig, boolean own) {
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        this.own = own;
    }

    /** A cluster that runs, its nodes ready, our images in them. */
    static Kubernetes start() {
        String given = System.getenv("KUBECONFIG");
        if (given != null && !given.isBlank()) {
            return new Kubernetes(Path.of(given), false);
        }
        var kubernetes =
                new Kubernetes(Path.of(Command.run(HACK, "up", OWN, "3").ok().strip()), true);
        var load = Stream.concat(
                Stream.of(HACK, "load", OWN),
                Stream.of("agent", "operator", "helper")
                        .map(image ->
                                Tools.project("target/images/" + image + ".tar").toString()));
        Command.run(load.toArray(String[]::new)).ok();
        return kubernetes;
    }

    KubernetesClient client() {
        return client;
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** What can go wrong below Kubernetes here; empty on a cluster that is not ours to break. */
    Optional<Faults> faults() {
        return Faults.of(kubeconfig);
    }

    /** Runs kubectl on this cluster to its end. */
    Command.Result kubectl(String... arguments) {
        return kubectlWith("", arguments);
    }

    /** The same with something to read, for {@code -f -}. */
    Command.Result kubectlWith(String input, String... arguments) {
        return onCluster(Tools.kubectl(), input, arguments);
    }

    /** Runs Helm 4 on this cluster to its end. */
    Command.Result helm(String... arguments) {
        return onCluster(Tools.helm(), "", arguments);
    }

    @Override
    public void close() {
        client.close();
        if (own && System.getenv("RINGRIFT_E2E_KEEP") == null) {
            Command.run(HACK, "down", OWN);
        }
    }

    private Command.Result onCluster(String program, String input, String... arguments) {
        var command = Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
        return Command.run(Map.of("KUBECONFIG", kubeconfig.toString()), input, List.copyOf(command));
    }
}
