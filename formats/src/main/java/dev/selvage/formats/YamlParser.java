package dev.selvage.formats;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Turns the parser's events into nodes, and refuses what these files do not use. */
final class YamlParser {
    private final String file;
    private final Problems problems;
    private final Iterator<Event> events;
    private final String text;
    private Position last;

    YamlParser(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        this.last = new Position(file, 1, 1);
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(Yaml.MAX_BYTES)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** The documents up to the first error of syntax. */
    List<YamlValue> documents() {
        List<YamlValue> documents = new ArrayList<>();
        try {
            while (events.hasNext()) {
                var event = next();
                if (event.getEventId() == Event.ID.DocumentStart) {
                    var value = value(next(), "", 1);
                    if (value.present()) {
                        documents.add(value);
                    }
                }
            }
        } catch (TooDeep e) {
            problems.add(last, "", "nested deeper than " + Yaml.MAX_DEPTH + " levels");
        } catch (MarkedYamlEngineException e) {
            var at =
                    e.getProblemMark().or(e::getContextMark).map(this::position).orElse(last);
            problems.add(at, "", "not YAML: " + words(e));
        } catch (ReaderException e) {
            problems.add(charAt(e.getPosition()), "", "a character that YAML does not allow");
        } catch (YamlEngineException e) {
            problems.add(last, "", "not YAML: " + e.getMessage());
        }
        return documents;
    }

    private static String words(MarkedYamlEngineException e) {
        var context = Optional.ofNullable(e.getContext()).filter(words -> !words.isBlank());
        var problem = Optional.ofNullable(e.getProblem()).orElse("");
        return context.map(words -> words + ", ").orElse("") + problem;
    }

    private Event next() {
        var event = events.next();
        event.getStartMark().ifPresent(mark -> last = position(mark));
        return event;
    }

    private YamlValue value(Event event, String path, int depth) {
        var at = last;
        if (depth > Yaml.MAX_DEPTH) {
            throw new TooDeep();
        }
        if (event instanceof AliasEvent) {
            problems.add(at, path, "an alias (*) is not used in these files: write the value out");
            return YamlValue.missing(at, path, problems);
        }
        refuseAnchorAndTag((NodeEvent) event, at, path);
        return switch (event.getEventId()) {
            case Scalar -> {
                var scalar = (ScalarEvent) event;
                yield YamlValue.of(new YamlScalar(scalar.getValue(), scalar.isPlain(), at, path, problems), problems);
            }
            case SequenceStart -> YamlValue.of(list(at, path, depth), problems);
            case MappingStart -> YamlValue.of(map(at, path, depth), problems);
            default -> throw new IllegalStateException("no node begins with " + event);
        };
    }

    private YamlList list(Position at, String path, int depth) {
        var list = new YamlList(at, path);
        for (var event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            list.add(value(event, path + "[" + list.size() + "]", depth + 1));
        }
        return list;
    }

    private YamlMap map(Position at, String path, int depth) {
        var map = new YamlMap(at, path, problems);
        for (var event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            var keyAt = last;
            var key = key(event, path, depth);
            var value = value(next(), key == null ? path : YamlMap.child(path, key), depth + 1);
            if (key == null) {
                continue;
            }
            if (map.has(key)) {
                problems.add(
                        keyAt,
                        path,
                        "the key \"" + key + "\" stands here twice (first in line "
                                + map.keyPosition(key).line() + ")");
            } else {
                map.put(key, keyAt, value);
            }
        }
        return map;
    }

    private String key(Event event, String path, int depth) {
        var at = last;
        if (event instanceof ScalarEvent scalar) {
            refuseAnchorAndTag(scalar, at, path);
            return scalar.getValue();
        }
        value(event, path, depth + 1);
        problems.add(at, path, "a key must be text");
        return null;
    }

    private void refuseAnchorAndTag(NodeEvent event, Position at, String path) {
        event.getAnchor()
                .ifPresent(anchor -> problems.add(at, path, "an anchor (&) is not used in these files: leave it out"));
        var tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent collection ? collection.getTag() : Optional.<String>empty();
        tag.ifPresent(name -> problems.add(at, path, "a tag (!) is not used in these files: leave it out"));
    }

    private Position position(Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position charAt(int codePoint) {
        int end = Math.min(codePoint, text.codePointCount(0, text.length()));
        var before = text.substring(0, text.offsetByCodePoints(0, end));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Position(file, line, before.length() - before.lastIndexOf('\n'));
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooDeep() {
            super(null, null, false, false);
        }
    }
}
