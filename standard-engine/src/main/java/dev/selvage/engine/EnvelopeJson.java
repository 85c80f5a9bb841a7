package dev.selvage.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.ToEngine;

/**
 * An envelope as one line of protobuf JSON: 64-bit integers are strings, bytes are base64, names are in lowerCamelCase. Fields that
 * this version does not know are skipped, so that either end may be newer.
 */
public final class EnvelopeJson {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private EnvelopeJson() {}

    /** The line, without its line feed. */
    public static String line(MessageOrBuilder envelope) {
        try {
            return PRINTER.print(envelope);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an envelope of ours can always be printed", e);
        }
    }

    /** What an engine wrote. */
    public static FromEngine fromEngine(String line) throws NotAMessageException {
        var builder = FromEngine.newBuilder();
        parse(line, builder);
        if (builder.getMessageCase() == FromEngine.MessageCase.MESSAGE_NOT_SET) {
            throw new NotAMessageException(line);
        }
        return builder.build();
    }

    /** What a host wrote. */
    public static ToEngine toEngine(String line) throws NotAMessageException {
        var builder = ToEngine.newBuilder();
        parse(line, builder);
        return builder.build();
    }

    private static void parse(String line, Message.Builder into) throws NotAMessageException {
        if (!line.startsWith("{")) {
            throw new NotAMessageException(line);
        }
        try {
            PARSER.merge(line, into);
        } catch (InvalidProtocolBufferException | RuntimeException | StackOverflowError e) {
            throw new NotAMessageException(line);
        }
    }

    /** A line that is no envelope. */
    public static final class NotAMessageException extends Exception {
        private static final long serialVersionUID = 1L;
        private static final int SHOWN = 60;

        NotAMessageException(String line) {
            super(shorten(line));
        }

        private static String shorten(String line) {
            var flat = line.replaceAll("\\p{Cntrl}+", " ");
            return flat.length() <= SHOWN ? flat : flat.substring(0, SHOWN - 3) + "...";
        }
    }
}
