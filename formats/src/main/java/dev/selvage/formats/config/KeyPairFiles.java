package dev.selvage.formats.config;

import java.nio.file.Path;

/**
 * Where a certificate and its private key are, both PEM. The key is always a file: it never stands in a configuration.
 *
 * @param certificate the certificate, or its chain beginning with it
 * @param key PKCS #8
 */
public record KeyPairFiles(Path certificate, Path key) {}
