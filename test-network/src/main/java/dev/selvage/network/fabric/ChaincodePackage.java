package dev.selvage.network.fabric;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * A chaincode-as-a-service package: {@code metadata.json} and {@code code.tar.gz} with {@code connection.json}. The same content gives
 * the same bytes, hence the same id.
 */
public final class ChaincodePackage {
    private static final long LARGEST = 1 << 20;

    private final String label;
    private final byte[] bytes;

    private ChaincodePackage(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /**
     * For a server that listens without TLS.
     *
     * @param server {@code HOST:PORT}; may have places such as {@code {{.name}}}, which each peer's external builder fills
     */
    public static ChaincodePackage plain(String label, String server) {
        Map<String, Object> connection = connection(server);
        connection.put("tls_required", false);
        return of(label, connection);
    }

    /** As {@link #plain(String, String)} at a fixed address. */
    public static ChaincodePackage plain(String label, HostPort server) {
        return plain(label, server.toString());
    }

    /**
     * For a server with TLS.
     *
     * @param server as in {@link #plain(String, String)}
     * @param roots by which peers know the server, PEM
     * @param client what peers show the server; empty where it asks for nothing. Fabric keeps this key inside the package, which
     *     therefore stays with the organisation.
     * @throws SelvageException FILE_UNREADABLE
     */
    public static ChaincodePackage withTls(String label, String server, Path roots, Optional<ClientFiles> client) {
        Map<String, Object> connection = connection(server);
        connection.put("tls_required", true);
        connection.put("root_cert", pem(roots));
        connection.put("client_auth_required", client.isPresent());
        client.ifPresent(files -> {
            connection.put("client_cert", pem(files.certificate()));
            connection.put("client_key", pem(files.key()));
        });
        return of(label, connection);
    }

    /** A client's certificate and key, both PEM. */
    public record ClientFiles(Path certificate, Path key) {}

    /**
     * For a server with mutual TLS: the peers of the organisation show a certificate that it has for this purpose alone, and expect one
     * of the organisation's TLS authority.
     */
    public static ChaincodePackage mutualTls(String label, String server, Organisation organisation) {
        IdentityFiles.TlsFiles tls = identities(organisation);
        return withTls(label, server, tls.roots(), Optional.of(new ClientFiles(tls.certificate(), tls.key())));
    }

    /** What chaincode servers of the organisation listen with, in mutual TLS with {@link #mutualTls}. */
    public static IdentityFiles.TlsFiles server(Organisation organisation) {
        return organisation.addNode("chaincode").tls();
    }

    /** Makes both ends' identities, where they are not there; the peers' one is returned. */
    static IdentityFiles.TlsFiles identities(Organisation organisation) {
        server(organisation);
        return organisation.addUser("chaincode-client", Role.CLIENT).tls();
    }

    /**
     * A package written before.
     *
     * @throws SelvageException FILE_UNREADABLE
     */
    public static ChaincodePackage read(String label, Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " is no chaincode package");
            }
            return new ChaincodePackage(label, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + file, e);
        }
    }

    private static Map<String, Object> connection(String server) {
        Map<String, Object> connection = new TreeMap<>();
        connection.put("address", server);
        connection.put("dial_timeout", "10s");
        return connection;
    }

    private static String pem(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new SelvageException(ErrorCode.FILE_UNREADABLE, file + " is no PEM file");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot read " + file, e);
        }
    }

    private static ChaincodePackage of(String label, Map<String, Object> connection) {
        Map<String, byte[]> code = Map.of("connection.json", json(connection));
        Map<String, byte[]> whole = new LinkedHashMap<>();
        whole.put("metadata.json", json(Map.of("type", "ccaas", "label", label)));
        whole.put("code.tar.gz", tarGz(code));
        return new ChaincodePackage(label, tarGz(whole));
    }

    /** The id under which peers know it: label and digest. */
    public String id() {
        try {
            return label + ":"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    private static byte[] json(Object value) {
        return CanonicalJson.bytes(CanonicalJson.tree(value));
    }

    private static byte[] tarGz(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.write(tarHeader(file.getKey(), file.getValue().length));
                out.write(file.getValue());
                out.write(new byte[(512 - file.getValue().length % 512) % 512]);
            }
            out.write(new byte[1024]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A ustar header of a plain file, mode 0644, at time 0. */
    private static byte[] tarHeader(String name, int size) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format("%011o", size) + "\0");
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        put(header, 148, String.format("%06o", sum) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
