package dev.selvage.cli.internal;

/** How answers are written. */
enum OutputFormat {
    text,
    json
}
