package dev.selvage.network.org;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.MSPPrincipal;
import org.hyperledger.fabric.protos.common.MSPRole;

/**
 * Whom a policy asks for: a role of an organisation, or any member of it.
 *
 * @param msp the organisation
 * @param role empty for {@code member}
 */
public record Principal(String msp, Optional<Role> role) {
    public Principal {
        Objects.requireNonNull(msp);
        Objects.requireNonNull(role);
    }

    static Principal of(String msp, Role role) {
        return new Principal(msp, Optional.of(role));
    }

    boolean matches(Member member) {
        return msp.equals(member.msp()) && (role.isEmpty() || role.get() == member.role());
    }

    MSPPrincipal toProto() {
        MSPRole.MSPRoleType type =
                MSPRole.MSPRoleType.valueOf(role.map(Role::name).orElse("MEMBER"));
        return MSPPrincipal.newBuilder()
                .setPrincipalClassification(MSPPrincipal.Classification.ROLE)
                .setPrincipal(MSPRole.newBuilder()
                        .setMspIdentifier(msp)
                        .setRole(type)
                        .build()
                        .toByteString())
                .build();
    }

    static Principal fromProto(MSPPrincipal proto) throws InvalidProtocolBufferException {
        if (proto.getPrincipalClassification() != MSPPrincipal.Classification.ROLE) {
            throw new InvalidProtocolBufferException("only principals that name a role are supported");
        }
        MSPRole named = MSPRole.parseFrom(proto.getPrincipal());
        if (named.getRole() == MSPRole.MSPRoleType.UNRECOGNIZED) {
            throw new InvalidProtocolBufferException("unknown role in a principal");
        }
        return new Principal(
                named.getMspIdentifier(), Role.ofUnit(named.getRole().name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public String toString() {
        return msp + "." + role.map(Role::unit).orElse("member");
    }
}
