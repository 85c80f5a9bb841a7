package dev.selvage.network.internal.access;

import com.google.protobuf.ByteString;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.Identification.Known;
import dev.selvage.network.org.Member;
import dev.selvage.network.org.Role;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** The channel's Readers and Writers, as its config block states them. Thread-safe. */
public final class AccessRules {
    private static final Set<Role> WRITERS = Set.of(Role.ADMIN, Role.CLIENT);
    private static final Set<Role> READERS = Set.of(Role.ADMIN, Role.CLIENT, Role.PEER);

    private final ChannelOrganisations organisations;
    private final Clock clock;

    public AccessRules(ChannelOrganisations organisations, Clock clock) {
        this.organisations = organisations;
        this.clock = clock;
    }

    /** Who signed this, if the certificate holds today and the signature is good. */
    public Optional<Member> signer(ByteString identity, ByteString message, ByteString signature) {
        return organisations.identify(identity, clock.instant()) instanceof Known known
                        && organisations.verify(known.member(), message.toByteArray(), signature.toByteArray())
                ? Optional.of(known.member())
                : Optional.empty();
    }

    /** Whether the member's certificate has ended. */
    public boolean expired(Member member) {
        return member.expiredAt(clock.instant());
    }

    /** /Channel/Application/Readers: may follow blocks and events and ask for a transaction's status. */
    public boolean mayRead(Member member) {
        return READERS.contains(member.role()) && organisations.peerMsps().contains(member.msp());
    }

    /** /Channel/Readers: may follow the ordering service's blocks. */
    public boolean mayReadChannel(Member member) {
        return mayRead(member) || !organisations.peerMsps().contains(member.msp());
    }

    /** /Channel/Application/Writers: may propose. */
    public boolean mayPropose(Member member) {
        return WRITERS.contains(member.role()) && organisations.peerMsps().contains(member.msp());
    }

    /** /Channel/Writers: may send a transaction to the ordering service. */
    public boolean mayOrder(Member member) {
        return mayPropose(member) || !organisations.peerMsps().contains(member.msp());
    }

    /** What Fabric says when nobody of these signed. */
    public static String unsatisfied(String policy) {
        return "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the '"
                + policy + "' sub-policies to be satisfied";
    }
}
