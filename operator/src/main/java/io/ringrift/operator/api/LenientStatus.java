package io.ringrift.operator.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Reads a status that does not fit our types as null: it is found out anew. */
final class LenientStatus extends JsonDeserializer<RingRiftClusterStatus> {
    @Override
    public RingRiftClusterStatus deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = context.readTree(parser);
        try {
            return context.readTreeAsValue(tree, RingRiftClusterStatus.class);
        } catch (JsonMappingException e) {
            return null;
        }
    }
}
