package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.ObjectFieldSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelectorBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjectionBuilder;

/**
 * Spells out in a user's pod what the API server would fill in where server-side apply keeps a structure as one value
 * (references to fields and resources, projected tokens) or uses it as a key (the protocol of a port). Left out there, the
 * stored object would differ from the desired one for ever.
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
                    if (resource.buildDivisor() == null) {
                        resource.withDivisor(new Quantity("0"));
                    }
                })
                .accept(ServiceAccountTokenProjectionBuilder.class, token -> {
                    if (token.getExpirationSeconds() == null) {
                        token.withExpirationSeconds(3600L);
                    }
                })
                .build();
    }
}
