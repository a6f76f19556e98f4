package io.ringrift.agent.consensus.bully;

import io.ringrift.agent.consensus.Leadership.Source;

/**
 * What every message tells of its sender's part in elections.
 *
 * @param priority the higher one wins
 * @param epoch the highest it promised or accepted; 0 for none
 * @param fresh it remembers no promise: it is new, or its disk is
 * @param claiming it asks for promises now
 * @param leads the epoch it leads under now; 0 for none
 * @param source who elected it, where it leads
 * @param retired it stands no more, whoever elects
 */
public record BullyStatus(
        long priority, long epoch, boolean fresh, boolean claiming, long leads, Source source, boolean retired) {}
