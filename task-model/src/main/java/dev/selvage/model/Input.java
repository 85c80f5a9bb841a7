package dev.selvage.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where an input of a sub-task comes from (A5, A11). The kind is told by its only key. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
    @JsonSubTypes.Type(Input.Parameter.class),
    @JsonSubTypes.Type(Input.Value.class),
    @JsonSubTypes.Type(Input.Data.class),
    @JsonSubTypes.Type(Input.Result.class),
    @JsonSubTypes.Type(Input.State.class),
    @JsonSubTypes.Type(Input.Item.class),
    @JsonSubTypes.Type(Input.Index.class)
})
public sealed interface Input {
    /** An argument of the task. */
    record Parameter(String parameter) implements Input {}

    /** A literal. */
    record Value(@JsonInclude(JsonInclude.Include.ALWAYS) JsonNode value) implements Input {}

    /** The executing node's own data set of this name; it does not leave the node. */
    record Data(String data) implements Input {}

    /** An output of another sub-task; of a forEach, the list of its parts' outputs in order. */
    record Result(String result, String output) implements Input {}

    /** The answer of another chaincode's function. */
    record State(@JsonProperty("state") Call state, Pin pin) implements Input {
        public State {
            pin = pin == null ? Pin.READY : pin;
        }
    }

    /** The element of the forEach of this variable: a role's name, or the list's element. */
    record Item(String item) implements Input {}

    /** The part's index, from 0, of the forEach of this variable. */
    record Index(String index) implements Input {}

    /** A call of a chaincode on the same channel. */
    record Call(String chaincode, String function, List<String> args) {
        public Call {
            args = args == null ? List.of() : List.copyOf(args);
        }
    }

    /** When chain state is read. */
    enum Pin {
        /** By the contract, in the transaction that makes the sub-task ready. */
        @JsonProperty("ready")
        READY,
        /** By the node, before it runs; digest and height are recorded. */
        @JsonProperty("read")
        READ
    }
}
