package dev.selvage.bridge;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JDBC drivers: those on the class path, and those whose jars lie in the node's driver folder. */
final class Drivers {
    private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);

    private final List<Driver> drivers = new ArrayList<>();

    Drivers(Optional<Path> folder) {
        ServiceLoader.load(Driver.class, Drivers.class.getClassLoader()).forEach(drivers::add);
        folder.filter(Files::isDirectory).ifPresent(this::addFolder);
    }

    /**
     * The driver for a URL.
     *
     * @throws SelvageException TOOL_MISSING
     */
    Driver forUrl(String url) {
        for (Driver driver : drivers) {
            try {
                if (driver.acceptsURL(url)) {
                    return driver;
                }
            } catch (SQLException e) {
                LOG.debug(
                        "{} does not tell whether it takes a URL",
                        driver.getClass().getName(),
                        e);
            }
        }
        var kind = url.split(":", 3);
        throw new SelvageException(
                ErrorCode.TOOL_MISSING,
                "No JDBC driver for jdbc:" + (kind.length > 1 ? kind[1] : "?")
                        + ": put its jar into the node's folder of drivers.");
    }

    private void addFolder(Path folder) {
        List<URL> jars = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : entries) {
                jars.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path is always a URL", e);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "Cannot read the folder " + folder + ".", e);
        }
        var loader = new URLClassLoader(jars.toArray(URL[]::new), Drivers.class.getClassLoader());
        ServiceLoader.load(Driver.class, loader).forEach(driver -> {
            if (driver.getClass().getClassLoader() == loader) {
                drivers.add(driver);
            }
        });
    }
}
