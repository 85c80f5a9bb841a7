package org.example.reference;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.contract.ContractRouter;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.NettyChaincodeServer;

/**
 * Serves the contract to peers, which dial: {@code --address HOST:PORT --id PACKAGE_ID [--tls-cert FILE --tls-key FILE --tls-client-ca
 * FILE]}. The shim's own way by environment variables has no mutual TLS.
 */
public final class ReferenceMain {
    /** Held here, since a logger that nobody holds forgets its level. */
    private static final Logger SHIM = Logger.getLogger("org.hyperledger.fabric");

    private ReferenceMain() {}

    /** Ends with 2 on wrong options and 1 when the address cannot be used. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var options = options(args);
            SHIM.setLevel(Level.WARNING);
            var router = new ContractRouter(new String[] {"-i", required(options, "--id")});
            router.startRouterWithChaincodeServer(new NettyChaincodeServer(router, properties(options)));
        } catch (IllegalArgumentException e) {
            System.err.println("USAGE " + e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("PORT_TAKEN " + e.getMessage());
            System.exit(1);
        }
    }

    private static Map<String, String> options(String[] args) {
        if (args.length % 2 != 0) {
            throw new IllegalArgumentException("every option has a value");
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static String required(Map<String, String> options, String option) {
        var value = options.get(option);
        if (value == null) {
            throw new IllegalArgumentException(option + " is missing");
        }
        return value;
    }

    private static ChaincodeServerProperties properties(Map<String, String> options) {
        var address = required(options, "--address");
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("--address is HOST:PORT, not " + address);
        }
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
