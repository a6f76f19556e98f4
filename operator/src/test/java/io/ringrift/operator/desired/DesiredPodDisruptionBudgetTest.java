package io.ringrift.operator.desired;

import static io.ringrift.operator.desired.Clusters.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredPodDisruptionBudgetTest {

    @ParameterizedTest
    @CsvSource({"3,1", "4,1", "5,2", "6,2", "9,4", "1000,499"})
    void underBullyAMajorityOfAllMembersStays(int replicas, int maxUnavailable) {
        PodDisruptionBudget budget = budget("{stage: 2, replicas: " + replicas + "}", 2);

        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(maxUnavailable);
        assertThat(budget.getSpec().getSelector().getMatchExpressions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3,1", "5,2", "7,3"})
    void underRaftAMajorityOfTheVotersStaysAndTheOthersAreFree(int voters, int maxUnavailable) {
        PodDisruptionBudget budget = budget("{stage: 3, replicas: 100, consensus: {voters: " + voters + "}}", 3);

        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(maxUnavailable);
        assertThat(budget.getSpec().getSelector().getMatchExpressions())
                .singleElement()
                .satisfies(expression ->
                        assertThat(expression.getValues()).hasSize(voters).startsWith("demo-0", "demo-1"));
    }

    @Test
    void itIsTheModeThatCountsNotTheStageWhereTheyDiffer() {
        assertThat(budget("{stage: 4, replicas: 9, consensus: {mode: bully}}", 4)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(4);
    }

    @Test
    void noBudgetWhereItCouldOnlyBlockDrains() {
        assertThat(DesiredPodDisruptionBudget.of(model("{stage: 0, replicas: 2}"), 0))
                .isEmpty();
        assertThat(DesiredPodDisruptionBudget.of(model("{stage: 4, replicas: 9, consensus: {voters: 1}}"), 4))
                .isEmpty();
    }

    private static PodDisruptionBudget budget(String spec, int stage) {
        return DesiredPodDisruptionBudget.of(model(spec), stage).orElseThrow();
    }
}
