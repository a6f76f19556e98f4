package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectFieldSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelectorBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjectionBuilder;
import io.fabric8.kubernetes.api.model.VolumeResourceRequirementsBuilder;

/**
 * Spells out in a user's pod what the API server would fill in where server-side apply keeps a structure as one value
 * (references to fields and resources, projected tokens) or uses it as a key (the protocol of a port), and writes quantities
 * as it stores them. Otherwise the stored object would differ from the desired one for ever.
 */
final class ServerDefaults {

    private ServerDefaults() {}

    static PodSpec in(PodSpec pod) {
        return new PodSpecBuilder(pod)
                .accept(ContainerPortBuilder.class, port -> {
                    if (port.getProtocol() == null) {
                        port.withProtocol("TCP");
                    }
                })
                .accept(ObjectFieldSelectorBuilder.class, field -> {
                    if (field.getApiVersion() == null) {
                        field.withApiVersion("v1");
                    }
                })
                .accept(ResourceFieldSelectorBuilder.class, resource -> {
                    Quantity divisor = resource.buildDivisor();
                    resource.withDivisor(divisor == null ? new Quantity("0") : Quantities.canonical(divisor));
                })
                .accept(ServiceAccountTokenProjectionBuilder.class, token -> {
                    if (token.getExpirationSeconds() == null) {
                        token.withExpirationSeconds(3600L);
                    }
                })
                .accept(EmptyDirVolumeSourceBuilder.class, volume -> {
                    if (volume.buildSizeLimit() != null) {
                        volume.withSizeLimit(Quantities.canonical(volume.buildSizeLimit()));
                    }
                })
                .accept(ResourceRequirementsBuilder.class, ServerDefaults::canonical)
                .accept(VolumeResourceRequirementsBuilder.class, resources -> {
                    resources.withRequests(Quantities.canonical(resources.getRequests()));
                    resources.withLimits(Quantities.canonical(resources.getLimits()));
                })
                .build();
    }

    /** The same for resources that are not part of a pod yet. */
    static ResourceRequirements in(ResourceRequirements resources) {
        var spelled = new ResourceRequirementsBuilder(resources);
        canonical(spelled);
        return spelled.build();
    }

    private static void canonical(ResourceRequirementsBuilder resources) {
        resources.withRequests(Quantities.canonical(resources.getRequests()));
        resources.withLimits(Quantities.canonical(resources.getLimits()));
    }
}
