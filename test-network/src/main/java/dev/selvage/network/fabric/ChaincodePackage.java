package dev.selvage.network.fabric;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.HostPort;
import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * A chaincode-as-a-service package: {@code metadata.json} and {@code code.tar.gz} with {@code connection.json}. The same content gives
 * the same bytes, hence the same id.
 */
public final class ChaincodePackage {
    private final String label;
    private final byte[] bytes;

    private ChaincodePackage(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** For a server that listens without TLS on this machine. */
    public static ChaincodePackage plain(String label, HostPort server) {
        Map<String, Object> connection = new TreeMap<>();
        connection.put("address", server.toString());
        connection.put("dial_timeout", "10s");
        connection.put("tls_required", false);
        return of(label, connection);
    }

    /**
     * For a server with mutual TLS: the organisation's peer shows its own TLS certificate and expects one of the organisation's TLS
     * authority. Fabric keeps the peer's key inside the package, which therefore stays with the organisation.
     */
    public static ChaincodePackage mutualTls(String label, HostPort server, Organisation organisation) {
        IdentityFiles.TlsFiles tls = organisation.identity("peer0").tls();
        Map<String, Object> connection = new TreeMap<>();
        connection.put("address", server.toString());
        connection.put("dial_timeout", "10s");
        connection.put("tls_required", true);
        connection.put("client_auth_required", true);
        try {
            connection.put("root_cert", Files.readString(tls.roots()));
            connection.put("client_cert", Files.readString(tls.certificate()));
            connection.put("client_key", Files.readString(tls.key()));
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.FILE_UNREADABLE, "cannot read the TLS files of peer0 of " + organisation.msp(), e);
        }
        return of(label, connection);
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
