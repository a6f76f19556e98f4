package io.ringrift.agent.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Who is who and where: the newest run of every node that is configured or was heard, and its addresses. Here, and nowhere
 * else, is decided that a message comes from the run that counts, so that a reused address never revives an old member.
 *
 * <p>Not thread-safe: it belongs to the core's one thread. Holds at most {@link MembershipTable#MAX_MEMBERS} nodes.
 */
public final class Directory {
    private final Map<String, Contact> contacts = new LinkedHashMap<>();
    /** Of {@link #contacts}; asked for with every message, and rarely another. Null: to be made. */
    private Set<String> nodeIds;

    private static final class Contact {
        private Optional<Address> configured = Optional.empty();
        private Optional<Address> hinted = Optional.empty();
        private Optional<Sighting> sighting = Optional.empty();
        private Optional<Address> heardAt = Optional.empty();
        private int unanswered;
    }

    /** What a sighting turned out to be. */
    public enum Admission {
        /** The run that was known already, with nothing new to say of itself. */
        KNOWN,
        /** The run that was known already, with another address, incarnation or mode. */
        CHANGED,
        /** A node that was never heard before. */
        FIRST_HEARD,
        /** A newer run of a node that was heard before. */
        NEWER_RUN,
        /** A newer run at the very address of the former one, which therefore is dead: two processes cannot share a port. */
        NEWER_RUN_SAME_ADDRESS,
        /** A run that a newer one has replaced. */
        OLDER_RUN,
        /** One node more than fit. */
        FULL
    }

    /** Takes the addresses that the configuration gives; nodes it no longer names keep what was heard of them. */
    public void configure(Map<String, Address> named) {
        contacts.forEach((nodeId, contact) -> contact.configured = Optional.ofNullable(named.get(nodeId)));
        named.forEach((nodeId, address) -> contact(nodeId).configured = Optional.of(address));
        contacts.values()
                .removeIf(contact ->
                        contact.configured.isEmpty() && contact.sighting.isEmpty() && contact.hinted.isEmpty());
        nodeIds = null;
    }

    /** Takes proof of life; anything but OLDER_RUN and FULL means that the run counts. */
    public Admission admit(Sighting seen) {
        Contact contact = contacts.get(seen.identity().nodeId());
        if (contact == null) {
            if (contacts.size() >= MembershipTable.MAX_MEMBERS) {
                return Admission.FULL;
            }
            contact = contact(seen.identity().nodeId());
        }
        Admission admission = compare(seen, contact);
        if (admission == Admission.OLDER_RUN) {
            return admission;
        }
        Sighting newest = newest(seen, contact);
        boolean changed = contact.sighting.filter(newest::equals).isEmpty();
        contact.sighting = Optional.of(newest);
        contact.heardAt = Optional.of(seen.address());
        contact.unanswered = 0;
        return admission == Admission.KNOWN && changed ? Admission.CHANGED : admission;
    }

    /** Takes what a peer says of a node that was not heard here yet; false where it was, or where nothing more fits. */
    public boolean hint(String nodeId, Address address) {
        Contact contact = contacts.get(nodeId);
        if (contact == null && contacts.size() < MembershipTable.MAX_MEMBERS) {
            contact = contact(nodeId);
        }
        if (contact == null || contact.sighting.isPresent()) {
            return false;
        }
        contact.hinted = Optional.of(address);
        return true;
    }

    /** Somebody else answers at {@code address}: it is asked there no more unless the configuration says so. */
    public void notAt(String nodeId, Address address) {
        Contact contact = contacts.get(nodeId);
        if (contact != null) {
            contact.heardAt = contact.heardAt.filter(other -> !other.equals(address));
            contact.hinted = contact.hinted.filter(other -> !other.equals(address));
        }
    }

    /** Forgets nodes that the configuration does not name. */
    public void forget(Collection<String> nodeIds) {
        nodeIds.forEach(nodeId -> {
            Contact contact = contacts.get(nodeId);
            if (contact != null && contact.configured.isEmpty()) {
                contacts.remove(nodeId);
            }
        });
        nodeIds = null;
    }

    /**
     * The address to try next: where it was heard last, and after an unanswered request every address that is known in turn,
     * because a name in the configuration follows a moved node sooner than a remembered address does.
     */
    public Optional<Address> nextAddress(String nodeId) {
        Contact contact = contacts.get(nodeId);
        if (contact == null) {
            return Optional.empty();
        }
        List<Address> known = new ArrayList<>(3);
        contact.heardAt.ifPresent(known::add);
        contact.configured.filter(address -> !known.contains(address)).ifPresent(known::add);
        contact.hinted.filter(address -> !known.contains(address)).ifPresent(known::add);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        // The first request may still be under way when the second is sent: that is no reason to look elsewhere yet.
        int turn = Math.max(0, contact.unanswered - 1) % known.size();
        contact.unanswered++;
        return Optional.of(known.get(turn));
    }

    /** Where it was heard last, else where the configuration says. */
    public Optional<Address> address(String nodeId) {
        return Optional.ofNullable(contacts.get(nodeId))
                .flatMap(contact -> contact.heardAt.or(() -> contact.configured));
    }

    /** The newest run heard of a node. */
    public Optional<Sighting> sighting(String nodeId) {
        return Optional.ofNullable(contacts.get(nodeId)).flatMap(contact -> contact.sighting);
    }

    /** The instance that a message to a node is meant for; empty until it was heard. */
    public OptionalLong instance(String nodeId) {
        return sighting(nodeId)
                .map(seen -> OptionalLong.of(seen.identity().instanceId()))
                .orElse(OptionalLong.empty());
    }

    /** The node that was heard at an address last. */
    public Optional<String> nodeAt(Address address) {
        return contacts.entrySet().stream()
                .filter(entry ->
                        entry.getValue().heardAt.filter(address::equals).isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Every node that is configured, hinted at or was heard. */
    public Set<String> nodeIds() {
        if (nodeIds == null) {
            nodeIds = Set.copyOf(contacts.keySet());
        }
        return nodeIds;
    }

    private Contact contact(String nodeId) {
        Contact known = contacts.get(nodeId);
        if (known != null) {
            return known;
        }
        Contact added = new Contact();
        contacts.put(nodeId, added);
        nodeIds = null;
        return added;
    }

    private static Admission compare(Sighting seen, Contact contact) {
        if (contact.sighting.isEmpty()) {
            return Admission.FIRST_HEARD;
        }
        Identity known = contact.sighting.get().identity();
        if (!seen.identity().isAnotherRunOf(known)) {
            return Admission.KNOWN;
        }
        if (!seen.identity().isNewerThan(known)) {
            return Admission.OLDER_RUN;
        }
        boolean sameAddress = contact.sighting.get().address().equals(seen.address());
        return sameAddress ? Admission.NEWER_RUN_SAME_ADDRESS : Admission.NEWER_RUN;
    }

    /** A message that was overtaken on its way carries an incarnation that its sender has raised since: keep the higher one. */
    private static Sighting newest(Sighting seen, Contact contact) {
        return contact.sighting
                .map(Sighting::identity)
                .filter(known -> !seen.identity().isAnotherRunOf(known))
                .filter(known -> known.isNewerThan(seen.identity()))
                .map(known -> new Sighting(known, seen.address(), seen.ports(), seen.modes()))
                .orElse(seen);
    }
}
