package dev.selvage.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** A list of a YAML file. */
public final class YamlList implements YamlNode, Iterable<YamlValue> {
    private final Position position;
    private final String path;
    private final List<YamlValue> items = new ArrayList<>();

    YamlList(Position position, String path) {
        this.position = position;
        this.path = path;
    }

    void add(YamlValue item) {
        items.add(item.under("[" + items.size() + "]"));
    }

    public int size() {
        return items.size();
    }

    /** The item of that index, empty when there is none. */
    Optional<YamlValue> item(String index) {
        try {
            return Optional.of(items.get(Integer.parseInt(index)));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** The values that a reader makes of the items, without those that it could not make. */
    public <T> List<T> each(Function<YamlValue, T> reader) {
        List<T> made = new ArrayList<>();
        for (var item : items) {
            made.add(reader.apply(item));
        }
        return made.stream().filter(Objects::nonNull).toList();
    }

    /** The items as text. */
    public List<String> strings() {
        return each(YamlValue::string);
    }

    @Override
    public Iterator<YamlValue> iterator() {
        return List.copyOf(items).iterator();
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String kind() {
        return "a list";
    }

    @Override
    public JsonNode json() {
        var array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(item.json()));
        return array;
    }
}
