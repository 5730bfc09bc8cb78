package dev.thaw.cli.virtual;

import dev.thaw.results.CauseText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A {@link MeasuredModel} as a JSON file. */
public final class ModelFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ModelFile() {}

    public static void write(MeasuredModel model, Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(model) + "\n");
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException in one line that names the file and what is wrong
     */
    public static MeasuredModel read(Path file) {
        try {
            @Nullable MeasuredModel model = JSON.readValue(Files.readString(file), MeasuredModel.class);
            if (model == null) {
                throw new IllegalArgumentException(file + ":1: no model: is null, must be an object");
            }
            return model;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": model: no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": model: cannot be read: " + CauseText.of(e), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + ":" + line(e) + ": no model: " + ModelFault.words(e), e);
        }
    }

    private static int line(JacksonException cause) {
        return cause.getLocation() == null ? 1 : Math.max(1, cause.getLocation().getLineNr());
    }
}
