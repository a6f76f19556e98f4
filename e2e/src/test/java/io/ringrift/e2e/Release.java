package io.ringrift.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The operator, installed by Helm 4 as the README says: the release ringrift in the namespace ringrift-system. */
final class Release implements AutoCloseable {

    static final String NAME = "ringrift";
    static final String NAMESPACE = "ringrift-system";
    static final String OPERATOR = "ringrift-operator";
    static final String TYPE = "ringriftclusters.ringrift.io";
    private static final String VERSION = System.getProperty("ringrift.version");
    private static final String REGISTRY = Objects.requireNonNullElse(System.getenv("RINGRIFT_REGISTRY"), "");
    private static final String CHART = Tools.project("helm/ringrift").toString();

    private final Kubernetes kubernetes;

    /** Installs it; fails where one is installed already, for that is somebody else's. */
    Release(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
        if (kubernetes.kubectl("get", "namespace", NAMESPACE).exit() == 0) {
            throw new AssertionError(
                    "there is a namespace " + NAMESPACE
                            + " already on the cluster that KUBECONFIG names: these tests install, upgrade and remove the operator");
        }
        install();
    }

    /** The reference of one of our images, from the registry that RINGRIFT_REGISTRY names where it is set. */
    static String image(String name) {
        return REGISTRY.isEmpty() ? "ringrift/" + name + ":" + VERSION : REGISTRY + "/ringrift/" + name + ":" + VERSION;
    }

    /** Installs the operator and waits until it is ready; each setting as for {@code --set}. */
    void install(String... settings) {
        helm("install", "--create-namespace", settings);
    }

    /** Upgrades the operator with what it was installed with and these settings, and waits until the new one is ready. */
    void upgrade(String... settings) {
        helm("upgrade", "--reuse-values", settings);
    }

    /** Runs the chart's own test. */
    String test() {
        return kubernetes
                .helm("test", NAME, "--namespace", NAMESPACE, "--logs", "--timeout", "1m")
                .ok();
    }

    /** Removes the operator as a user would. */
    void uninstall() {
        kubernetes
                .helm("uninstall", NAME, "--namespace", NAMESPACE, "--wait", "--timeout", "1m")
                .ok();
    }

    /** The node that the operator runs on. */
    String node() {
        return kubernetes
                .kubectl(
                        "get",
                        "pod",
                        "-n",
                        NAMESPACE,
                        "-l",
                        "app.kubernetes.io/component=operator",
                        "-o",
                        "jsonpath={.items[0].spec.nodeName}")
                .ok();
    }

    /** Stops the operator, as if its node were gone, until {@link #resume()}. */
    void pause() {
        scale(0);
    }

    void resume() {
        scale(1);
    }

    /** Removes all that the tests brought into the cluster, the type and with it every resource included. */
    @Override
    public void close() {
        kubernetes.helm("uninstall", NAME, "--namespace", NAMESPACE, "--ignore-not-found", "--wait");
        kubernetes.kubectl("delete", "crd", TYPE, "--ignore-not-found");
        kubernetes.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found");
    }

    private void scale(int replicas) {
        String deployment = "deployment/" + OPERATOR;
        kubernetes
                .kubectl("scale", "-n", NAMESPACE, deployment, "--replicas=" + replicas)
                .ok();
        if (replicas == 0) {
            kubernetes
                    .kubectl(
                            "wait",
                            "-n",
                            NAMESPACE,
                            "pod",
                            "-l",
                            "app.kubernetes.io/component=operator",
                            "--for=delete",
                            "--timeout=60s")
                    .ok();
        } else {
            kubernetes
                    .kubectl("rollout", "status", "-n", NAMESPACE, deployment, "--timeout=60s")
                    .ok();
        }
    }

    private void helm(String verb, String option, String... settings) {
        var arguments = new ArrayList<>(List.of(
                verb,
                NAME,
                CHART,
                "--namespace",
                NAMESPACE,
                option,
                "--wait",
                "--timeout",
                "2m",
                "--set",
                "image.registry=" + REGISTRY,
                "--set",
                "agent.image.registry=" + REGISTRY));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        kubernetes.helm(arguments.toArray(String[]::new)).ok();
    }
}
