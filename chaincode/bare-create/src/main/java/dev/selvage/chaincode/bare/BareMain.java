package dev.selvage.chaincode.bare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.traces.Traces;

/**
 * Runs the chaincode as a service, with the options and variables of the contract's own process: {@code --address HOST:PORT --id
 * PACKAGE_ID [--tls-cert FILE --tls-key FILE --tls-client-ca FILE]}.
 */
public final class BareMain {
    /** Held here, since a logger that nobody holds forgets its level. */
    private static final Logger SHIM = Logger.getLogger("org.hyperledger.fabric");

    private BareMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        SHIM.setLevel(Level.WARNING);
        var chaincode = new CreateChaincode(given(options, "--id", "CORE_CHAINCODE_ID_NAME"));
        Metrics.initialize(chaincode.getChaincodeConfig());
        Traces.initialize(chaincode.getChaincodeConfig());
        var server = new NettyChaincodeServer(chaincode, properties(options));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
        server.start();
    }

    private static String given(Map<String, String> options, String option, String variable) {
        return options.getOrDefault(option, System.getenv(variable));
    }

    private static ChaincodeServerProperties properties(Map<String, String> options) {
        String address = given(options, "--address", "CHAINCODE_SERVER_ADDRESS");
        int colon = address.lastIndexOf(':');
        var properties = new ChaincodeServerProperties();
        properties.setServerAddress(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        properties.setTlsEnabled(options.containsKey("--tls-cert"));
        properties.setKeyCertChainFile(options.get("--tls-cert"));
        properties.setKeyFile(options.get("--tls-key"));
        properties.setTrustCertCollectionFile(options.get("--tls-client-ca"));
        properties.validate();
        return properties;
    }
}
