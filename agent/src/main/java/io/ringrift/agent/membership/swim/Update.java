package io.ringrift.agent.membership.swim;

import java.util.List;

/** One piece of news about a member, as it travels on packets. */
sealed interface Update {
    /** The member it is about. */
    long instance();

    /** The incarnation it is about. */
    long incarnation();

    /** The member lives; made by the member itself. */
    record Alive(MemberRecord member) implements Update {
        @Override
        public long instance() {
            return member.instance();
        }

        @Override
        public long incarnation() {
            return member.incarnation();
        }
    }

    /** Some members missed it. @param accusers instances, at most {@link Suspicion#MAX_ACCUSERS}, never the member itself */
    record Suspect(long instance, long incarnation, List<Long> accusers) implements Update {}

    /** Nobody heard a refutation in time. @param declaredBy the instance whose window closed */
    record Failed(long instance, long incarnation, long declaredBy) implements Update {}

    /** It said goodbye; made by the member itself and final for this instance. */
    record Left(long instance, long incarnation) implements Update {}
}
