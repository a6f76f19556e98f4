/** Which configuration the agents are given, and when. */
package io.ringrift.operator.rollout;
