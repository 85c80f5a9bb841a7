package dev.selvage.formats;

/**
 * A place in a file.
 *
 * @param file the file's name as the user gave it
 * @param line counted from 1
 * @param column counted from 1, in characters
 */
public record Position(String file, int line, int column) {
    public Position {
        if (file == null || line < 1 || column < 1) {
            throw new IllegalArgumentException("no place in a file: " + file + ":" + line + ":" + column);
        }
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
