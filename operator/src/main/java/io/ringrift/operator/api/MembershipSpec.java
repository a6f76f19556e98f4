package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * Who is alive, and how that is found out.
 *
 * @param mode null: the stage's
 * @param shadow never null
 * @param profile never null
 * @param swim never null; what is unset in it is the profile's
 * @param http never null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MembershipSpec(
        @JsonPropertyDescription(
                "Who is asked whether a member lives: http, swim, or hybrid (SWIM first, HTTP polling as fallback). Set, it wins over the stage: the emergency lever.")
        MembershipMode mode,

        @JsonPropertyDescription("Run SWIM beside HTTP polling to measure it; it decides nothing.") @Default("false")
        Boolean shadow,

        @JsonPropertyDescription(
                "SWIM's times: default (failed after 5s, suspected for 3s, ping every 1s), fast (3s, 2s, 500ms) or low-bandwidth (10s, 5s, 2s). A time set under swim wins.")
        @Default("default")
        SwimProfile profile,

        @JsonPropertyDescription("SWIM's times and numbers one by one, where the profile does not fit.")
        SwimSpec swim,

        @JsonPropertyDescription("HTTP polling's times.") HttpSpec http) {
    public MembershipSpec {
        shadow = shadow != null && shadow;
        profile = profile == null ? SwimProfile.DEFAULT : profile;
        swim = swim == null ? SwimSpec.UNSET : swim;
        http = http == null ? HttpSpec.UNSET : http;
    }

    /** What holds where a resource says nothing of membership. */
    static final MembershipSpec UNSET = new MembershipSpec(null, null, null, null, null);
}
