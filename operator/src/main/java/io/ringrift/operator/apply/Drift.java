package io.ringrift.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where a live object is not what was wanted. What the API server and others have added beside it is none of our business:
 * every field that we want has to be there with our value, no more.
 */
final class Drift {
    private static final Pattern QUANTITIES =
            Pattern.compile("/(limits|requests|capacity|overhead)/|/(sizeLimit|divisor)$");

    private final Set<String> paths = new TreeSet<>();

    private Drift() {}

    /** The paths at which {@code live} differs, such as {@code /spec/replicas}; empty: nothing is to be done. */
    static Set<String> paths(JsonNode wanted, JsonNode live) {
        Drift drift = new Drift();
        drift.compare("", wanted, live);
        return Set.copyOf(drift.paths);
    }

    private void compare(String path, JsonNode wanted, JsonNode live) {
        if (isNothing(wanted) && (live.isMissingNode() || isNothing(live))) {
            return;
        }
        if (wanted.isObject() && live.isObject()) {
            wanted.properties()
                    .forEach(
                            field -> compare(path + "/" + field.getKey(), field.getValue(), live.path(field.getKey())));
        } else if (wanted.isArray() && live.isArray() && wanted.size() == live.size()) {
            for (int index = 0; index < wanted.size(); index++) {
                compare(path + "/" + index, wanted.get(index), live.get(index));
            }
        } else if (!wanted.equals(live) && !isSameQuantity(path, wanted, live)) {
            paths.add(path);
        }
    }

    /** The API server leaves out what is empty, 0 or false. */
    private static boolean isNothing(JsonNode node) {
        return node.isNull()
                || node.isContainerNode() && node.isEmpty()
                || node.isTextual() && node.textValue().isEmpty()
                || node.isBoolean() && !node.booleanValue()
                || node.isNumber() && node.doubleValue() == 0;
    }

    /** {@code 1000m} is {@code 1}: the API server writes quantities in its own way. */
    private static boolean isSameQuantity(String path, JsonNode wanted, JsonNode live) {
        if (!QUANTITIES.matcher(path).find() || !wanted.isValueNode() || !live.isValueNode()) {
            return false;
        }
        try {
            return Quantity.getAmountInBytes(new Quantity(wanted.asText()))
                            .compareTo(Quantity.getAmountInBytes(new Quantity(live.asText())))
                    == 0;
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Not quantities, so simply different.
            return false;
        }
    }
}
