package dev.selvage.chaincode;

import dev.selvage.model.SelvageException;
import java.util.Map;
import java.util.TreeMap;

/** Says which item of a list a refusal is about. */
final class ItemRefusals {
    private ItemRefusals() {}

    static SelvageException at(int item, SelvageException refused) {
        Map<String, String> parameters = new TreeMap<>(refused.parameters());
        parameters.put("item", Integer.toString(item));
        return new SelvageException(refused.code(), parameters, refused.sentence(), refused);
    }
}
