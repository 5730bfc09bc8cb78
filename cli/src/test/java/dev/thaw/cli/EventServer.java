package dev.thaw.cli;

import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A whole server of {@code echo} as a process of its own, whose asynchronous invocations tell of each end in a folder.
 * Arguments: folder of the state, of the records, of the logs.
 */
final class EventServer {
    private EventServer() {}

    public static void main(String[] folders) throws IOException, InterruptedException {
        ServerOptions options = new ServerOptions();
        options.hostMemoryMib = 65_536;
        options.hostVcpus = 64;
        options.logs = Path.of(folders[2]);
        String target = "arn:aws:file:::" + folders[1];
        EventSettings settings = new EventSettings(2, 21_600, target, target, null, false);
        EventOptions events = new EventOptions();
        events.targetRoot = Path.of(folders[1]);
        ThawServer server = ThawServer.start(
                options,
                List.of(TemplateFunction.of(Functions.echo("echo"))),
                new FrontEndConfig("127.0.0.1", 0),
                new ServedEvents(events, 1, Path.of(folders[0]), functions -> functionArn -> settings),
                null,
                ServedAccess.of(null));
        System.out.println("listening on " + server.url());
        new CountDownLatch(1).await();
    }
}
