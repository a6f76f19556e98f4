package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.ringrift.operator.api.PortsSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent as a container.
 *
 * <p>Only what is fixed for a pod's life is in here. Stage, modes, voters, tuning and log level reach the agent through
 * the mounted configuration ({@link RuntimeConfig}): any of them in here would restart every pod when it changes.
 */
final class AgentContainer {

    static final String NAME = "ringrift-agent";

    /** Not plain "http": a workload's port may be called that, and metrics are found by the port's name. */
    static final String HTTP_PORT_NAME = "ringrift-http";

    /** User and group of the agent; the image runs as no other. */
    static final long USER = 10_001L;

    private AgentContainer() {}

    static Container of(ClusterModel model) {
        PortsSpec ports = model.spec().ports();
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(model.agentImage())
                .withImagePullPolicy("IfNotPresent")
                .withPorts(
                        port(HTTP_PORT_NAME, ports.http(), "TCP"),
                        port("ringrift-swim", ports.swim(), "UDP"),
                        port("ringrift-raft", ports.raft(), "TCP"))
                .withEnv(environment(model))
                .withVolumeMounts(AgentVolumes.mounts(model))
                // "The process answers", never "there is a quorum": the workload starts only after it.
                .withStartupProbe(probe(model, "/health/startup", 1, 2, 120))
                .withReadinessProbe(probe(model, "/health/ready", 5, 3, 3))
                // A minute of patience: a pod that is starved of CPU by its workload must not lose its agent for it.
                .withLivenessProbe(probe(model, "/health/live", 10, 5, 6))
                .withResources(resources(model))
                .withSecurityContext(restricted())
                .build();
    }

    private static List<EnvVar> environment(ClusterModel model) {
        PortsSpec ports = model.spec().ports();
        var environment = new ArrayList<EnvVar>();
        environment.add(fromField("RINGRIFT_NODE_ID", "metadata.name"));
        environment.add(fromField("RINGRIFT_ADVERTISE_HOST", "status.podIP"));
        environment.add(value("RINGRIFT_CLUSTER_NAME", model.qualifiedName()));
        environment.add(value("RINGRIFT_P2P_PORT", ports.http().toString()));
        environment.add(value("RINGRIFT_SWIM_PORT", ports.swim().toString()));
        environment.add(value("RINGRIFT_RAFT_PORT", ports.raft().toString()));
        environment.add(value("RINGRIFT_DATA_DIR", AgentVolumes.DATA_PATH));
        environment.add(value("RINGRIFT_CONFIG_DIR", AgentVolumes.CONFIG_PATH));
        environment.add(
                value("RINGRIFT_CLUSTER_AUTH_TOKEN_FILE", AgentVolumes.CREDENTIAL_PATH + "/" + ClusterSecrets.TOKEN));
        if (model.spec().security().gossipEncryption()) {
            environment.add(
                    value("RINGRIFT_GOSSIP_KEYS_FILE", AgentVolumes.GOSSIP_PATH + "/" + ClusterSecrets.GOSSIP_KEYS));
        }
        if (model.spec().security().tls()) {
            environment.add(value("RINGRIFT_TLS_DIR", AgentVolumes.TLS_PATH));
        }
        return environment;
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    private static ContainerPort port(String name, int number, String protocol) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol(protocol)
                .build();
    }

    private static Probe probe(ClusterModel model, String path, int periodSeconds, int timeoutSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(HTTP_PORT_NAME))
                .withScheme(model.spec().security().tls() ? "HTTPS" : "HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(timeoutSeconds)
                .withSuccessThreshold(1)
                .withFailureThreshold(failures)
                .build();
    }

    /**
     * No limit on CPU: throttling is what makes an agent accuse others falsely. What is requested is its weight when a node's cores are all
     * taken: too little, and it waits for hundreds of milliseconds to answer.
     */
    private static ResourceRequirements resources(ClusterModel model) {
        ResourceRequirements wanted = model.spec().agent().resources();
        if (wanted != null) {
            return ServerDefaults.in(wanted);
        }
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("96Mi"))
                .addToLimits("memory", new Quantity("256Mi"))
                .build();
    }

    /** What the pod security standard "restricted" asks of a container, and a root file system that cannot be written. */
    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withReadOnlyRootFilesystem(true)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
