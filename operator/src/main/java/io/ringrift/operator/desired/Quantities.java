package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Quantities as the API server stores them: no fraction, and the largest unit that allows it. It turns 1024Mi into 1Gi and
 * 1000m into 1; what is written otherwise never equals what is stored.
 */
final class Quantities {

    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final BigInteger BINARY_STEP = BigInteger.valueOf(1024);
    private static final BigInteger DECIMAL_STEP = BigInteger.valueOf(1000);

    /** Digits after the point that Kubernetes keeps; it rounds up what is smaller. */
    private static final int NANO = 9;

    private Quantities() {}

    /** What is no quantity stays as it is: the API server refuses it with its own words, which the user gets to see. */
    static Quantity canonical(Quantity quantity) {
        BigDecimal value;
        try {
            value = Quantity.getAmountInBytes(quantity);
        } catch (IllegalArgumentException e) {
            return quantity;
        }
        String format = quantity.getFormat();
        if (format.matches("[eE][+-]?[0-9]+")) {
            return inExponents(value);
        }
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        boolean large = value.abs().compareTo(new BigDecimal(BINARY_STEP)) >= 0;
        return format.endsWith("i") && whole && large
                ? inUnits(value.toBigIntegerExact(), BINARY_STEP, BINARY, 0)
                : inUnits(nanos(value), DECIMAL_STEP, DECIMAL, 0);
    }

    /** The same for every entry; null stays null. */
    static Map<String, Quantity> canonical(Map<String, Quantity> quantities) {
        if (quantities == null) {
            return null;
        }
        var result = new HashMap<>(quantities);
        result.replaceAll((name, quantity) -> canonical(quantity));
        return result;
    }

    private static BigInteger nanos(BigDecimal value) {
        return value.setScale(NANO, RoundingMode.UP).unscaledValue();
    }

    private static Quantity inUnits(BigInteger amount, BigInteger step, List<String> units, int unit) {
        if (amount.signum() == 0) {
            return new Quantity("0", "");
        }
        BigInteger[] parts = amount.divideAndRemainder(step);
        return parts[1].signum() == 0 && unit < units.size() - 1
                ? inUnits(parts[0], step, units, unit + 1)
                : new Quantity(amount.toString(), units.get(unit));
    }

    private static Quantity inExponents(BigDecimal value) {
        Quantity decimal = inUnits(nanos(value), DECIMAL_STEP, DECIMAL, 0);
        int exponent = 3 * (DECIMAL.indexOf(decimal.getFormat()) - DECIMAL.indexOf(""));
        return exponent == 0 ? decimal : new Quantity(decimal.getAmount(), "e" + exponent);
    }
}
