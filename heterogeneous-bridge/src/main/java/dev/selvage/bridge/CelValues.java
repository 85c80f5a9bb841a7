package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values between JSON, plain Java and CEL. Integers stay exact; a number beyond 64 bits travels as its text. */
final class CelValues {
    private CelValues() {}

    /** What an expression sees of a JSON value. */
    static Object of(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(of(element)));
            return list;
        }
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? (Object) node.longValue() : node.asText();
        }
        return node.isNumber() ? (Object) node.doubleValue() : NullValue.NULL_VALUE;
    }

    /** The JSON of an expression's value. */
    static JsonNode json(Object value) {
        var nodes = JsonNodeFactory.instance;
        if (value instanceof Map<?, ?> map) {
            var object = nodes.objectNode();
            map.forEach((key, element) -> object.set(String.valueOf(key), json(element)));
            return object;
        }
        if (value instanceof List<?> list) {
            var array = nodes.arrayNode();
            list.forEach(element -> array.add(json(element)));
            return array;
        }
        if (value instanceof Long whole) {
            return nodes.numberNode(whole);
        }
        if (value instanceof Double number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Boolean truth) {
            return nodes.booleanNode(truth);
        }
        return value == null ? nodes.nullNode() : nodes.textNode(value.toString());
    }

    /** A value of the library in plain Java. */
    static Object plain(Object value) {
        if (value == null || value instanceof NullValue || value instanceof com.google.protobuf.NullValue) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, element) -> plain.put(String.valueOf(key), plain(element)));
            return plain;
        }
        if (value instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            list.forEach(element -> plain.add(plain(element)));
            return plain;
        }
        if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short) {
            return ((Number) value).longValue();
        }
        return value instanceof ByteString bytes ? bytes.toStringUtf8() : value.toString();
    }
}
