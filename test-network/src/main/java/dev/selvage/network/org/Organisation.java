package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** An organisation with its folder on this machine, authorities included. Thread-safe. */
public final class Organisation {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,40}");

    private final MspDefinition definition;
    private final Path folder;
    private final Clock clock;

    Organisation(OrganisationsPlan.Name name, boolean orderer, Path folder, Clock clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        Path msp = folder.resolve("msp");
        this.definition = new MspDefinition(
                name.msp(),
                name.domain(),
                List.of(Pem.readCertificate(msp.resolve("cacerts").resolve("ca." + name.domain() + "-cert.pem"))),
                List.of(Pem.readCertificate(msp.resolve("tlscacerts").resolve("tlsca." + name.domain() + "-cert.pem"))),
                orderer);
    }

    public String msp() {
        return definition.msp();
    }

    public String domain() {
        return definition.domain();
    }

    /** {@code .../peerOrganizations/ewr.example}. */
    public Path folder() {
        return folder;
    }

    /** The public MSP folder, which configtxgen reads. */
    public Path mspFolder() {
        return folder.resolve("msp");
    }

    public MspDefinition definition() {
        return definition;
    }

    /**
     * Where the identity's files lie.
     *
     * @param name {@code peer0}, {@code orderer0}, {@code Admin}, {@code User1}, {@code node1} or one added later
     * @throws SelvageException IDENTITY_INVALID when there is none
     */
    public IdentityFiles identity(String name) {
        return find(name)
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.IDENTITY_INVALID, msp() + " has no identity \"" + name + "\" in " + folder));
    }

    /** The identity's signer. */
    public OrganisationSigner signer(String name) {
        IdentityFiles files = identity(name);
        try {
            return new OrganisationSigner(
                    msp(), Pem.readCertificate(files.certificate()), Pem.readPrivateKey(files.key()));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + files.mspFolder(), e);
        }
    }

    /** The identity's TLS certificate. */
    public X509Certificate tlsCertificate(String name) {
        try {
            return Pem.readCertificate(identity(name).tls().certificate());
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read the TLS certificate of " + name, e);
        }
    }

    /** The user's or administrator's identity, issued now if it is not there yet. */
    public IdentityFiles addUser(String name, Role role) {
        return switch (role) {
            case ADMIN -> add(name, IdentityKind.ADMIN);
            case CLIENT -> add(name, IdentityKind.CLIENT);
            case PEER, ORDERER -> throw new SelvageException(ErrorCode.USAGE, "a user is a client or an admin");
        };
    }

    /** An agent's identity, signing as a client, with a TLS certificate for both ends of links between nodes. */
    public IdentityFiles addNode(String name) {
        return add(name, IdentityKind.NODE);
    }

    /** A further peer. */
    public IdentityFiles addPeer(String name) {
        return add(name, IdentityKind.PEER);
    }

    synchronized IdentityFiles add(String name, IdentityKind kind) {
        if (!NAME.matcher(name).matches()) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID, "an identity's name is made of letters, digits, '-' and '_'");
        }
        Optional<IdentityFiles> existing = find(name);
        if (existing.isPresent()) {
            return existing.get();
        }
        try {
            new OrganisationFolder(folder, domain(), clock).issue(name, kind);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write an identity into " + folder, e);
        }
        return identity(name);
    }

    private Optional<IdentityFiles> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        for (IdentityKind kind : IdentityKind.values()) {
            String fullName = kind.fullName(name, domain());
            Path at = folder.resolve(kind.folder()).resolve(fullName);
            Path tls = at.resolve("tls");
            if (Files.exists(tls.resolve(kind.tlsName() + ".crt"))) {
                Path msp = at.resolve("msp");
                return Optional.of(new IdentityFiles(
                        msp(),
                        name,
                        msp,
                        msp.resolve("signcerts").resolve(fullName + "-cert.pem"),
                        msp.resolve("keystore").resolve("priv_sk"),
                        new IdentityFiles.TlsFiles(
                                tls.resolve("ca.crt"),
                                tls.resolve(kind.tlsName() + ".crt"),
                                tls.resolve(kind.tlsName() + ".key"))));
            }
        }
        return Optional.empty();
    }
}
