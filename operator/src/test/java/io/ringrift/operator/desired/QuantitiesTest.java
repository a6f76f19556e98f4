package io.ringrift.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "0Gi,0",
        "1,1",
        "1000m,1",
        "0.5,500m",
        "1.5,1500m",
        "1500,1500",
        "12000,12k",
        "1000k,1M",
        "1024Mi,1Gi",
        "1Gi,1Gi",
        "1.5Gi,1536Mi",
        "0.5Gi,512Mi",
        "0.5Ki,512",
        "1023.5Mi,1048064Ki",
        "1000Mi,1000Mi",
        "0.1n,1n",
        "1e3,1e3",
        "1e9,1e9",
        "10e2,1e3",
        "5e0,5",
        "-1024Mi,-1Gi"
    })
    void isWrittenAsTheApiServerStoresIt(String said, String stored) {
        Quantity canonical = Quantities.canonical(new Quantity(said));

        assertThat(canonical.getAmount() + canonical.getFormat()).isEqualTo(stored);
    }

    @Test
    void whatIsNoQuantityIsLeftToTheApiServer() {
        for (Quantity wrong : List.of(new Quantity("lots"), new Quantity("1", "Zi"), new Quantity("", ""))) {
            assertThat(Quantities.canonical(wrong)).isSameAs(wrong);
        }
    }

    @Test
    void nothingStaysNothing() {
        assertThat(Quantities.canonical((Map<String, Quantity>) null)).isNull();
    }
}
