package dev.selvage.network.org;

import java.util.Locale;
import java.util.Optional;

/** What an identity is in its organisation, told by the organisational unit (NodeOU) of its certificate. */
public enum Role {
    ADMIN,
    CLIENT,
    PEER,
    ORDERER;

    /** The organisational unit in certificates and in policies: {@code peer}, {@code client}, ... */
    public String unit() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> ofUnit(String unit) {
        for (Role role : values()) {
            if (role.unit().equals(unit)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
