package dev.selvage.agent.journal;

import dev.selvage.engine.RunKey;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;

/** Reads what {@link RunKey#text} wrote. */
final class RunKeys {
    private RunKeys() {}

    static RunKey parse(String text) {
        String[] pieces = text.split("/", -1);
        try {
            return new RunKey(
                    pieces[0], pieces[1], Integer.parseInt(pieces[2]), Integer.parseInt(pieces[3]), pieces[4]);
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException | SelvageException e) {
            throw new SelvageException(ErrorCode.JOURNAL_CORRUPT, "The journal names no run by \"" + text + "\".", e);
        }
    }
}
