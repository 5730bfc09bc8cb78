package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ReadySet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The channels as an event loop has them: this test's thread is the loop's. */
@Timeout(60)
final class GuestChannelsLoopTest {
    private static final byte[] NOTHING = {};

    @TempDir
    Path folder;

    private final RecordedGuestEvents events = new RecordedGuestEvents();
    private GuestChannels channels;
    private ReadySet loop;
    private GuestChannel guest;
    private FdSocket machine;
    private boolean taken;

    @BeforeEach
    void open() {
        channels = new GuestChannels(folder.resolve("sockets"));
        loop = new ReadySet();
        loop.add(channels.fd(), ReadySet.IN, 0);
        long pair = LocalSocket.pair();
        guest = channels.open((int) pair, events);
        machine = new FdSocket((int) (pair >> 32));
    }

    @AfterEach
    void close() {
        if (taken) {
            channels.giveBack();
        }
        channels.close();
        loop.close();
        machine.close();
    }

    /** One round of the loop: waits until there is something to do, and does it. */
    private boolean round() {
        loop.await();
        return channels.run();
    }

    private void sayReady() {
        ByteBuffer payload = ByteBuffer.allocate(5 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        payload.putLong(4 * Long.BYTES, Frames.VERSION);
        machine.write(Commands.of(FrameType.READY, 0, payload.array()));
    }

    private void take() {
        assertThat(channels.take()).isTrue();
        taken = true;
    }

    private void giveBack() {
        channels.giveBack();
        taken = false;
    }

    private void roundsUntilTold(String event) {
        while (!events.isTold()) {
            assertThat(round()).isTrue();
        }
        assertThat(events.next()).isEqualTo(event);
        assertThat(events.teller).isSameAs(Thread.currentThread());
    }

    @Test
    void shouldServeGuestsByTheRoundsOfTheLoopThatTookThem() {
        take();
        sayReady();
        roundsUntilTold("ready");
        FdSocket api = new FdSocket(guest.takeRuntimeApiFd());
        machine.write(Commands.of(FrameType.OPEN, 3, NOTHING));
        machine.write(Commands.of(FrameType.DATA, 3, new byte[] {'h', 'i', '\n'}));
        assertThat(round()).isTrue();
        assertThat(api.accept().readUntil("\n")).isEqualTo("hi\n");
    }

    @Test
    void shouldSendWhatTheLoopItselfAsksForBetweenRounds() {
        take();
        guest.kill();
        assertThat(round()).isTrue();
        assertThat(machine.read(Frames.HEADER_BYTES)).isEqualTo(Commands.of(FrameType.KILL));
    }

    @Test
    void shouldServeGuestsItselfOnceTheyAreGivenBack() {
        take();
        sayReady();
        roundsUntilTold("ready");
        giveBack();
        guest.kill();
        assertThat(machine.read(Frames.HEADER_BYTES)).isEqualTo(Commands.of(FrameType.KILL));
        take();
        machine.close();
        roundsUntilTold("lost: the machine's end of the channel is closed");
    }

    @Test
    void shouldAskForThemBackToBeClosed() throws InterruptedException {
        take();
        Thread closing = Thread.ofPlatform().start(channels::close);
        boolean wanted = false;
        while (!wanted) {
            wanted = !round();
        }
        giveBack();
        closing.join();
        assertThat(machine.readToEnd()).isEmpty();
        assertThat(channels.take()).as("once closed").isFalse();
    }
}
