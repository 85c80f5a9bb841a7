package dev.selvage.network.org;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;

/** Writes the folders of one organisation in cryptogen's layout. */
final class OrganisationFolder {
    private final Path root;
    private final String domain;
    private final Clock clock;

    OrganisationFolder(Path root, String domain, Clock clock) {
        this.root = root;
        this.domain = domain;
        this.clock = clock;
    }

    /** Makes both authorities and the organisation's public MSP folder. */
    void create() throws IOException {
        Files.createDirectories(root);
        CertificateAuthority signing = CertificateAuthority.create("ca." + domain, domain, clock);
        CertificateAuthority tls = CertificateAuthority.create("tlsca." + domain, domain, clock);
        writeAuthority("ca", signing);
        writeAuthority("tlsca", tls);
        writeMsp(Files.createDirectory(root.resolve("msp")), signing.certificate(), tls.certificate());
    }

    /** Issues an identity; the folder appears whole or not at all. */
    Path issue(String name, IdentityKind kind) throws IOException {
        CertificateAuthority signing = authority("ca");
        CertificateAuthority tls = authority("tlsca");
        String fullName = kind.fullName(name, domain);
        Path parent = Files.createDirectories(root.resolve(kind.folder()));
        Path fresh = parent.resolve("." + fullName + ".new");
        SafeFiles.deleteTree(fresh);
        Path msp = Files.createDirectories(fresh.resolve("msp"));
        writeMsp(msp, signing.certificate(), tls.certificate());
        var identity = signing.issueSigning(fullName, kind.role(), clock);
        SafeFiles.writeSecret(
                Files.createDirectory(msp.resolve("keystore")).resolve("priv_sk"), Pem.privateKey(identity.key()));
        SafeFiles.write(
                Files.createDirectory(msp.resolve("signcerts")).resolve(fullName + "-cert.pem"),
                Pem.certificate(identity.certificate()));
        Path tlsFolder = Files.createDirectory(fresh.resolve("tls"));
        var link = tls.issueTls(fullName, kind.hostNames(name, domain), clock);
        SafeFiles.write(tlsFolder.resolve("ca.crt"), Pem.certificate(tls.certificate()));
        SafeFiles.write(tlsFolder.resolve(kind.tlsName() + ".crt"), Pem.certificate(link.certificate()));
        SafeFiles.writeSecret(tlsFolder.resolve(kind.tlsName() + ".key"), Pem.privateKey(link.key()));
        Path finished = parent.resolve(fullName);
        SafeFiles.publish(fresh, finished);
        return finished;
    }

    CertificateAuthority authority(String folder) throws IOException {
        Path at = root.resolve(folder);
        return new CertificateAuthority(
                Pem.readCertificate(at.resolve(folder + "." + domain + "-cert.pem")),
                Pem.readPrivateKey(at.resolve("priv_sk")));
    }

    private void writeAuthority(String folder, CertificateAuthority authority) throws IOException {
        Path at = Files.createDirectory(root.resolve(folder));
        SafeFiles.write(at.resolve(folder + "." + domain + "-cert.pem"), Pem.certificate(authority.certificate()));
        SafeFiles.writeSecret(at.resolve("priv_sk"), Pem.privateKey(authority.key()));
    }

    private void writeMsp(Path msp, X509Certificate signing, X509Certificate tls) throws IOException {
        SafeFiles.write(
                Files.createDirectory(msp.resolve("cacerts")).resolve("ca." + domain + "-cert.pem"),
                Pem.certificate(signing));
        SafeFiles.write(
                Files.createDirectory(msp.resolve("tlscacerts")).resolve("tlsca." + domain + "-cert.pem"),
                Pem.certificate(tls));
        SafeFiles.write(msp.resolve("config.yaml"), nodeUnits());
    }

    private String nodeUnits() {
        StringBuilder yaml = new StringBuilder("NodeOUs:\n  Enable: true\n");
        for (Role role : Role.values()) {
            String unit = role.unit();
            yaml.append("  ")
                    .append(Character.toUpperCase(unit.charAt(0)))
                    .append(unit.substring(1))
                    .append("OUIdentifier:\n    Certificate: cacerts/ca.")
                    .append(domain)
                    .append("-cert.pem\n    OrganizationalUnitIdentifier: ")
                    .append(unit)
                    .append('\n');
        }
        return yaml.toString();
    }
}
