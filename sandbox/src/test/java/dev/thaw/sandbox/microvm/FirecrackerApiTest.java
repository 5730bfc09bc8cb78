package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.microvm.FirecrackerContract.Play;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What thaw asks of Firecracker, held against Firecracker's own description of what may be asked. */
final class FirecrackerApiTest {
    private static final int BOUND_MS = 2_000;

    @TempDir
    Path folder;

    private FirecrackerContract contract;
    private FirecrackerApi api;
    private FirecrackerControl control;

    @BeforeEach
    void serve() throws IOException {
        serve(Play.HONEST, "", BOUND_MS);
    }

    private void serve(Play play, String request, int boundMs) throws IOException {
        Path socket = folder.resolve("api-" + play);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        contract = new FirecrackerContract(server, () -> {}, play, request);
        api = FirecrackerApi.connect(socket, boundMs);
        control = new FirecrackerControl(api);
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        contract.close();
    }

    private void serveAnew(Play play, String request, int boundMs) throws IOException {
        stop();
        serve(play, request, boundMs);
    }

    private static VmPlan plan(int vcpus) {
        return new VmPlan(
                new Firecracker("/firecracker"), Architecture.X86_64, Accelerator.KVM, vcpus, 300, "quiet", 2);
    }

    @Test
    void shouldConfigureInOrderAndThenStart() throws IOException {
        control.boot(plan(1));
        assertThat(contract.asked)
                .containsExactly(
                        "PUT /machine-config",
                        "PUT /boot-source",
                        "PUT /drives/disk0",
                        "PUT /drives/disk1",
                        "PUT /vsock",
                        "PUT /entropy",
                        "PUT /actions");
    }

    @Test
    void shouldAskForOneOrAnEvenNumberOfVcpus() throws IOException {
        control.boot(plan(3));
        assertThat(contract.asked).endsWith("PUT /actions");
    }

    @Test
    void shouldPauseSnapshotAndResume() throws IOException {
        control.boot(plan(2));
        control.pause();
        control.createSnapshot("/proc/self/fd/12", "/proc/self/fd/13");
        control.resume();
        assertThat(contract.asked).endsWith("PATCH /vm", "PUT /snapshot/create", "PATCH /vm");
    }

    @Test
    void shouldLoadASnapshotBeforeAnythingElse() throws IOException {
        control.loadSnapshot("/proc/self/fd/12", "/proc/self/fd/13");
        control.pause();
        assertThat(contract.asked).containsExactly("PUT /snapshot/load", "PATCH /vm");
    }

    @Test
    void shouldTellWhatIsAskedForInTheWrongOrder() throws IOException {
        assertThatThrownBy(() -> control.createSnapshot("/state", "/memory"))
                .hasMessage("Firecracker refuses PUT /snapshot/create with 400: the microVM is not paused");
        control.boot(plan(1));
        assertThatThrownBy(() -> control.loadSnapshot("/state", "/memory"))
                .hasMessage(
                        "Firecracker refuses PUT /snapshot/load with 400: a snapshot is loaded before anything else");
        assertThatThrownBy(() -> control.boot(plan(1))).hasMessageContaining("it cannot be configured");
    }

    /** Else the contract would hold for anything. */
    @Test
    void shouldBeHeldToThePublishedApi() {
        org.junit.jupiter.api.Assumptions.assumeTrue(PublishedApi.readOrSay() != null);
        assertThatThrownBy(() -> api.put("/machine-config", Map.of("vcpu_count", 0, "mem_size_mib", "1")))
                .hasMessageContaining("vcpu_count is 0, its minimum is 1")
                .hasMessageContaining("mem_size_mib is no integer");
        assertThatThrownBy(() -> api.put("/vsock", Map.of("guest_cid", 3))).hasMessageContaining("lacks uds_path");
        assertThatThrownBy(() -> api.put("/actions", Map.of("action_type", "Stop")))
                .hasMessageContaining("action_type is 'Stop', none of");
        assertThatThrownBy(() -> api.put("/entropy", Map.of("source", "dice")))
                .hasMessageContaining("source is unknown");
        assertThatThrownBy(() -> api.patch("/boot-source", Map.of())).hasMessageContaining("is no operation");
        assertThatThrownBy(() -> api.put("/snapshots", Map.of())).hasMessageContaining("is no operation");
    }

    @Test
    void shouldTellARefusalInOneLine() throws IOException {
        serveAnew(Play.REFUSE, "PUT /boot-source", BOUND_MS);
        assertThatThrownBy(() -> control.boot(plan(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("Firecracker refuses PUT /boot-source with 400: played: no way");
    }

    @Test
    void shouldTellThatTheSocketIsGone() throws IOException {
        serveAnew(Play.VANISH, "PUT /vsock", BOUND_MS);
        assertThatThrownBy(() -> control.boot(plan(1)))
                .hasMessage("Firecracker closed its socket before it answered PUT /vsock");
    }

    @Test
    void shouldTellThatHalfAnAnswerIsNone() throws IOException {
        serveAnew(Play.ANSWER_HALF, "PUT /actions", BOUND_MS);
        assertThatThrownBy(() -> control.boot(plan(1)))
                .hasMessage("Firecracker closed its socket before it answered PUT /actions");
    }

    @Test
    void shouldNotWaitForEver() throws IOException {
        serveAnew(Play.BE_SILENT, "PUT /machine-config", 50);
        assertThatThrownBy(() -> control.boot(plan(1)))
                .hasMessage("Firecracker does not answer PUT /machine-config within 50 ms");
    }

    @Test
    void shouldNotListenForEver() throws IOException {
        serveAnew(Play.TALK_WITHOUT_END, "PUT /machine-config", BOUND_MS);
        assertThatThrownBy(() -> control.boot(plan(1)))
                .hasMessage("Firecracker's answer to PUT /machine-config is longer than 65536 bytes");
    }
}
