package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.microvm.images.GuestMount;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Frames that the host sends on somebody's behalf, as bytes. */
final class Commands {
    private Commands() {}

    static byte[] of(FrameType type) {
        return of(type, 0, new byte[0]);
    }

    static byte[] of(FrameType type, int stream, byte[] payload) {
        if (payload.length > Frames.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a " + type + " for a guest has " + payload.length + " bytes, at most " + Frames.PAYLOAD_BYTES_MAX);
        }
        return buffer(Frames.HEADER_BYTES + payload.length)
                .putInt(payload.length)
                .putShort((short) stream)
                .put((byte) type.number)
                .put((byte) 0)
                .put(payload)
                .array();
    }

    /** HELLO or RESTORED. */
    static byte[] clockAndEntropy(FrameType type, long epochNs, byte[] entropy) {
        byte[] payload = buffer(Long.BYTES + entropy.length)
                .putLong(epochNs)
                .put(entropy)
                .array();
        return of(type, 0, payload);
    }

    static byte[] clock(long epochNs) {
        return of(FrameType.CLOCK, 0, buffer(Long.BYTES).putLong(epochNs).array());
    }

    static byte[] connect(int stream, int port) {
        return of(
                FrameType.CONNECT,
                stream,
                buffer(Short.BYTES).putShort((short) port).array());
    }

    /** All SPEC frames of a guest, and PREPARE. */
    static byte[] prepare(GuestSpec spec) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        add(
                frames,
                SpecField.USER,
                buffer(8).putInt(spec.userId()).putInt(spec.groupId()).array());
        add(frames, SpecField.MEMORY, buffer(8).putLong(spec.memoryBytes()).array());
        add(frames, SpecField.PROCESSES, buffer(4).putInt(spec.processes()).array());
        add(frames, SpecField.TMP, buffer(8).putLong(spec.tmpBytes()).array());
        add(frames, SpecField.HOST_NAME, text(spec.hostName()));
        add(frames, SpecField.DIRECTORY, text(spec.directory()));
        spec.hiddenVariables().forEach(name -> add(frames, SpecField.HIDDEN, text(name)));
        spec.environment().forEach((name, value) -> add(frames, SpecField.VARIABLE, text(name + "=" + value)));
        spec.extensions().forEach(command -> add(frames, SpecField.EXTENSION, words(command)));
        add(frames, SpecField.RUNTIME, words(spec.runtime()));
        spec.mounts().forEach(mount -> addMount(frames, mount));
        byte[] filter = new byte[spec.filter().remaining()];
        spec.filter().duplicate().get(filter);
        add(frames, SpecField.FILTER, filter);
        frames.writeBytes(of(FrameType.PREPARE));
        return frames.toByteArray();
    }

    private static void addMount(ByteArrayOutputStream frames, GuestMount mount) {
        switch (mount) {
            case GuestMount.Device(String device, String target, String fileSystem) ->
                add(frames, SpecField.DEVICE, words(List.of(device, target, fileSystem)));
            case GuestMount.Bind(String source, String target) ->
                add(frames, SpecField.BIND, words(List.of(source, target)));
        }
    }

    private static void add(ByteArrayOutputStream frames, SpecField field, byte[] value) {
        frames.writeBytes(of(FrameType.SPEC, field.number, value));
    }

    /** A text with a zero character would end there in the guest. */
    private static byte[] text(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word, path or variable of the sandbox has a zero character");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] words(List<String> words) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String word : words) {
            all.writeBytes(text(word));
            all.write(0);
        }
        return all.toByteArray();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
