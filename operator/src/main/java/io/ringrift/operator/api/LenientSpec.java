package io.ringrift.operator.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * Reads a spec that does not fit our types as null. One such object, stored under another CRD, must not keep the operator
 * from reading the list that it is in; the reconciler tells its owner.
 */
final class LenientSpec extends JsonDeserializer<RingRiftClusterSpec> {
    private static final System.Logger LOG = System.getLogger(LenientSpec.class.getName());

    @Override
    public RingRiftClusterSpec deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = context.readTree(parser);
        try {
            return context.readTreeAsValue(tree, RingRiftClusterSpec.class);
        } catch (JsonMappingException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A RingRiftCluster has a spec that cannot be read: {0} at {1}",
                    e.getOriginalMessage(),
                    e.getPathReference());
            return null;
        }
    }
}
