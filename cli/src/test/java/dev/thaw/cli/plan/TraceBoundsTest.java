package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.PlanRun;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.SamTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceBoundsTest {
    @TempDir
    private Path directory;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() throws IOException {
        trace = Files.writeString(
                directory.resolve("trace.csv"),
                "function,start_ms,duration_ms,memory_mb\nf,0,5000,128\nf,9000,5000,128\nf,90000,5000,128\n");
    }

    private TraceBounds bounds(List<FunctionConfig> template) {
        return new TraceBounds(Workload.of(
                Trace.open(trace, TraceFormat.of("auto"), TraceOptions.defaults()),
                MeasuredModel.ofColdStart(1),
                template,
                new Workload.Choice(false, false, false)));
    }

    @Test
    void shouldCutWorkAtTheTimeout() throws IOException {
        Objectives objectives = Objectives.parse("p50<4s");
        Path template = Files.writeString(directory.resolve("template.yaml"), """
                Resources:
                  f:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: .
                      Handler: f.f
                      Runtime: provided.al2023
                      Timeout: 3
                """);

        assertThat(bounds(List.of()).impossible(objectives, false)).hasSize(1);
        assertThat(bounds(SamTemplate.read(template)).impossible(objectives, false))
                .isEmpty();
    }

    @Test
    void shouldBoundNothingThatRefusalsLeaveOut() {
        PlanRun.Host host = new PlanRun.Host(1_024, 1_000);
        Objectives all = Objectives.parse("p50<4s,cold<40%,throttled=0");
        Objectives some = Objectives.parse("p50<4s,cold<40%,throttled<50%");

        assertThat(bounds(List.of()).impossible(all, false)).hasSize(1);
        assertThat(bounds(List.of()).describe(all, host).leastMib()).isPositive();
        assertThat(bounds(List.of()).impossible(some, false)).isEmpty();
        PlanRun.Bound bound = bounds(List.of()).describe(some, host);
        assertThat(bound.leastMib()).isNull();
        assertThat(bound.notes()).anyMatch(note -> note.contains("some may be refused"));
    }
}
