package io.ringrift.operator.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Digest of everything that a user can say about a pod, and of nothing that the operator adds by itself. Pods carry it: one that
 * has another is rolled. So an operator that writes the same wishes down in another way rolls no pod; they follow when they
 * are made anew for another reason.
 */
final class TemplateDigest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private TemplateDigest() {}

    static String of(ClusterModel model) {
        PodTemplateSpec template = model.spec().template();
        var wishes = new ArrayList<Object>();
        wishes.add(template == null || template.getMetadata() == null ? List.of() : template.getMetadata());
        wishes.add(template == null || template.getSpec() == null ? List.of() : ServerDefaults.in(template.getSpec()));
        wishes.add(model.agentImage());
        wishes.add(
                model.spec().agent().resources() == null
                        ? List.of()
                        : ServerDefaults.in(model.spec().agent().resources()));
        wishes.add(model.spec().security().gossipEncryption());
        wishes.add(model.spec().security().tls());
        wishes.add(model.spec().ports());
        wishes.add(model.spec().storage() != null);
        try {
            return Digest.of(JSON.writeValueAsString(wishes));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a template that was read from JSON cannot be written as JSON", e);
        }
    }
}
