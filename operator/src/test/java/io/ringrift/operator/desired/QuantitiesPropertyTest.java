package io.ringrift.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Amounts of up to 16 digits: beyond them the client library rounds. */
class QuantitiesPropertyTest {

    private static final String[] UNITS = {"", "m", "k", "M", "G", "Ki", "Mi", "Gi"};

    @Property
    void sayingItOtherwiseChangesNoAmount(
            @ForAll @LongRange(min = 0, max = 1L << 22) long amount, @ForAll @IntRange(max = 7) int unit) {
        var said = new Quantity(Long.toString(amount), UNITS[unit]);

        Quantity canonical = Quantities.canonical(said);

        assertThat(Quantity.getAmountInBytes(canonical)).isEqualByComparingTo(Quantity.getAmountInBytes(said));
        assertThat(Quantities.canonical(canonical)).hasToString(canonical.toString());
    }
}
