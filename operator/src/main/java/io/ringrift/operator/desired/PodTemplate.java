package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The user's pod with the agent in it.
 *
 * <p>With a workload, the agent is a native sidecar: the first init container, restarted for ever, so that it is there
 * before the workload starts and until after it has ended. Without one it is the pod's only container.
 *
 * <p>What comes out depends on the template, the security settings, the ports, the storage and the agent's image and
 * resources. It must not depend on anything else, least of all the stage: a change of those rolls every pod.
 */
final class PodTemplate {

    /** The agent says goodbye and hands over leadership within this time. */
    private static final long LEAVE_SECONDS = 10;

    /** Kubernetes' own default. */
    private static final long GRACE_SECONDS = 30;

    private PodTemplate() {}

    static PodTemplateSpec of(ClusterModel model) {
        PodTemplateSpec wanted = model.spec().template() == null
                ? new PodTemplateSpec()
                : model.spec().template();
        PodSpec workload = wanted.getSpec() == null ? new PodSpec() : ServerDefaults.in(wanted.getSpec());
        return new PodTemplateSpecBuilder()
                .withMetadata(metadata(model, wanted.getMetadata()))
                .withSpec(spec(model, workload))
                .build();
    }

    /**
     * The user's labels and annotations, but none that begin with ringrift.io/: those say who belongs to a cluster and who
     * leads it. The app.kubernetes.io labels are the user's where set: they name the workload, which the pod is about.
     */
    private static ObjectMeta metadata(ClusterModel model, ObjectMeta wanted) {
        ObjectMeta users = wanted == null ? new ObjectMeta() : wanted;
        var labels = new TreeMap<>(Labels.of(model.name()));
        labels.putAll(withoutOurs(users.getLabels()));
        Map<String, String> annotations = withoutOurs(users.getAnnotations());
        annotations.put(Labels.TEMPLATE, TemplateDigest.of(model));
        return new ObjectMetaBuilder(users)
                .withLabels(labels)
                .withAnnotations(annotations)
                .build();
    }

    private static Map<String, String> withoutOurs(Map<String, String> entries) {
        var kept = new TreeMap<String, String>();
        if (entries != null) {
            kept.putAll(entries);
        }
        kept.keySet().removeIf(key -> key.startsWith(Labels.PREFIX));
        return kept;
    }

    private static PodSpec spec(ClusterModel model, PodSpec workload) {
        Container agent = AgentContainer.of(model);
        boolean alone = workload.getContainers().isEmpty();
        List<Container> containers = alone ? List.of(agent) : connected(model, workload.getContainers());
        Stream<Container> sidecar = alone
                ? Stream.empty()
                : Stream.of(
                        new ContainerBuilder(agent).withRestartPolicy("Always").build());
        var spec = new PodSpecBuilder(workload)
                .withInitContainers(Stream.concat(sidecar, connected(model, workload.getInitContainers()).stream())
                        .toList())
                .withContainers(containers)
                .addAllToVolumes(AgentVolumes.volumes(model))
                .withTerminationGracePeriodSeconds(graceSeconds(workload))
                .withSecurityContext(securityContext(model, workload.getSecurityContext()));
        if (workload.getAutomountServiceAccountToken() == null && !namesServiceAccount(workload)) {
            spec.withAutomountServiceAccountToken(false);
        }
        if (workload.getEnableServiceLinks() == null) {
            // Kubernetes would set variables such as RINGRIFT_PORT for a Service of that name, which are no keys of
            // ours.
            spec.withEnableServiceLinks(false);
        }
        return spec.build();
    }

    /** Who names a service account wants its token; everybody else has no use for one, the agent least of all. */
    private static boolean namesServiceAccount(PodSpec workload) {
        return workload.getServiceAccountName() != null || workload.getServiceAccount() != null;
    }

    private static long graceSeconds(PodSpec workload) {
        Long wanted = workload.getTerminationGracePeriodSeconds();
        return wanted == null ? GRACE_SECONDS : Math.max(wanted, LEAVE_SECONDS);
    }

    /**
     * A fresh volume belongs to root; the agent does not. Only with storage, and never over the user's own setting: it
     * holds for every volume of the pod.
     */
    private static PodSecurityContext securityContext(ClusterModel model, PodSecurityContext wanted) {
        if (model.spec().storage() == null || (wanted != null && wanted.getFsGroup() != null)) {
            return wanted;
        }
        var context = wanted == null ? new PodSecurityContextBuilder() : new PodSecurityContextBuilder(wanted);
        context.withFsGroup(AgentContainer.USER);
        if (context.getFsGroupChangePolicy() == null) {
            context.withFsGroupChangePolicy("OnRootMismatch");
        }
        return context.build();
    }

    private static List<Container> connected(ClusterModel model, List<Container> containers) {
        return containers.stream()
                .map(container -> new ContainerBuilder(container)
                        .withEnv(environment(model, container.getEnv()))
                        .build())
                .toList();
    }

    /** How the workload reaches its agent: before the user's own variables, so that those may refer to it. */
    private static List<EnvVar> environment(ClusterModel model, List<EnvVar> wanted) {
        var environment = new ArrayList<EnvVar>();
        Stream.of(url(model), token(model))
                .filter(ours ->
                        wanted.stream().noneMatch(theirs -> theirs.getName().equals(ours.getName())))
                .forEach(environment::add);
        environment.addAll(wanted);
        return environment;
    }

    private static EnvVar url(ClusterModel model) {
        return new EnvVarBuilder()
                .withName("RINGRIFT_URL")
                .withValue("http://127.0.0.1:" + model.spec().ports().http())
                .build();
    }

    private static EnvVar token(ClusterModel model) {
        return new EnvVarBuilder()
                .withName("RINGRIFT_CLUSTER_AUTH_TOKEN")
                .withNewValueFrom()
                .withNewSecretKeyRef()
                .withName(model.credentialSecret())
                .withKey(ClusterSecrets.TOKEN)
                .endSecretKeyRef()
                .endValueFrom()
                .build();
    }
}
