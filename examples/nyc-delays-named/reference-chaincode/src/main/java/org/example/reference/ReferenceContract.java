package org.example.reference;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.contract.Context;
import org.hyperledger.fabric.contract.ContractInterface;
import org.hyperledger.fabric.contract.annotation.Contract;
import org.hyperledger.fabric.contract.annotation.Default;
import org.hyperledger.fabric.contract.annotation.Transaction;
import org.hyperledger.fabric.shim.ChaincodeException;

/** Names of carriers by their codes, a key each: {@code carrier/UA}. */
@Contract(name = "reference")
@Default
public final class ReferenceContract implements ContractInterface {
    private static final String PREFIX = "carrier/";
    /** The first key after all that begin with the prefix: "0" follows "/". */
    private static final String AFTER = "carrier0";

    /** Writes the carriers of a table with the columns carrier and name, as CSV with its header; others stay as they are. */
    @Transaction(intent = Transaction.TYPE.SUBMIT)
    public void PutCarriers(Context context, String csv) {
        Map<String, String> carriers;
        try {
            carriers = Carriers.parse(csv);
        } catch (IllegalArgumentException e) {
            throw new ChaincodeException(e.getMessage(), "CARRIERS_INVALID");
        }
        carriers.forEach(
                (code, name) -> context.getStub().putState(PREFIX + code, name.getBytes(StandardCharsets.UTF_8)));
    }

    /** A JSON object of all names by code, in order of the codes. */
    @Transaction(intent = Transaction.TYPE.EVALUATE)
    public String GetCarriers(Context context) {
        Map<String, String> carriers = new TreeMap<>();
        try (var entries = context.getStub().getStateByRange(PREFIX, AFTER)) {
            entries.forEach(entry -> carriers.put(entry.getKey().substring(PREFIX.length()), entry.getStringValue()));
        } catch (Exception e) {
            throw new ChaincodeException("the carriers cannot be read", e);
        }
        return Carriers.json(carriers);
    }
}
