package dev.thaw.scheduler.live;

import dev.thaw.results.ServerMetrics;
import dev.thaw.scheduler.core.ConcurrencyUse;
import dev.thaw.scheduler.core.ProvisionedConcurrency;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.RegisteredFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that metrics are made of, copied at one moment on the scheduler's thread; made into rows by whoever asked.
 *
 * @param provisioned by function
 */
record MetricsReading(InvocationMetrics invocations, ConcurrencyUse use, List<ProvisionedConcurrency> provisioned) {
    static MetricsReading of(Scheduler scheduler, InvocationMetrics invocations) {
        ConcurrencyUse use = scheduler.concurrency();
        List<ProvisionedConcurrency> provisioned = new ArrayList<>(use.functions());
        for (int functionId = 0; functionId < use.functions(); functionId++) {
            provisioned.add(scheduler.provisioned(functionId));
        }
        return new MetricsReading(invocations.copy(), use, provisioned);
    }

    ServerMetrics toMetrics(FunctionRegistry functions, Inbox inbox) {
        return new ServerMetrics(
                use.totalInUse(),
                use.unreservedInUse(),
                invocationRows(functions, inbox),
                versionRows(functions, inbox.extensionTimes),
                List.of(),
                functions.loops().dropped());
    }

    private List<ServerMetrics.Invocations> invocationRows(FunctionRegistry functions, Inbox inbox) {
        Map<String, InvocationTotals> totals = new LinkedHashMap<>();
        for (int series = 0; series < invocations.series(); series++) {
            invocations.addTo(
                    series, rowOf(totals, functions.byId(invocations.functionId(series)), invocations.arn(series)));
        }
        inbox.refusals.forEach((asked, refused) ->
                rowOf(totals, functions.byId(asked.functionId()), asked.arn()).addThrottles(refused.sum()));
        return totals.values().stream().map(InvocationTotals::toRow).toList();
    }

    private static InvocationTotals rowOf(
            Map<String, InvocationTotals> totals, RegisteredFunction function, String arn) {
        String alias = aliasOf(arn);
        String key = function.name() + ':' + function.version() + ':' + alias;
        return totals.computeIfAbsent(key, _ -> new InvocationTotals(function.name(), function.version(), alias));
    }

    private List<ServerMetrics.Version> versionRows(FunctionRegistry functions, ExtensionTimes extensions) {
        Map<String, ServerMetrics.Version> rows = new LinkedHashMap<>();
        int known = Math.min(use.functions(), functions.count());
        for (int functionId = 0; functionId < known; functionId++) {
            if (use.mostInUse(functionId) > 0 || provisioned.get(functionId).requested() > 0) {
                RegisteredFunction function = functions.byId(functionId);
                rows.merge(function.qualifiedArn(), row(function, functionId, extensions), MetricsReading::together);
            }
        }
        return List.copyOf(rows.values());
    }

    private ServerMetrics.Version row(RegisteredFunction function, int functionId, ExtensionTimes extensions) {
        ProvisionedConcurrency ahead = provisioned.get(functionId);
        return new ServerMetrics.Version(
                function.name(),
                function.version(),
                use.inUse(functionId),
                use.mostInUse(functionId),
                ahead.allocated(),
                ahead.allocated() * function.config().memoryMib(),
                ahead.inUse(),
                ahead.invocations(),
                ahead.spillovers(),
                extensions.runs(function.name(), function.version()),
                extensions.totalMs(function.name(), function.version()));
    }

    /** Two revisions of a version; what extensions did is kept by version, so it is in both. */
    private static ServerMetrics.Version together(ServerMetrics.Version one, ServerMetrics.Version other) {
        Integer most = one.mostConcurrentExecutions();
        Integer otherMost = other.mostConcurrentExecutions();
        Integer mib = one.provisionedMib();
        Integer otherMib = other.provisionedMib();
        return new ServerMetrics.Version(
                one.function(),
                one.version(),
                one.concurrentExecutions() + other.concurrentExecutions(),
                most == null || otherMost == null ? null : (Integer) Math.max(most, otherMost),
                one.provisionedAllocated() + other.provisionedAllocated(),
                mib == null || otherMib == null ? null : (Integer) (mib + otherMib),
                one.provisionedConcurrentExecutions() + other.provisionedConcurrentExecutions(),
                one.provisionedInvocations() + other.provisionedInvocations(),
                one.provisionedSpillovers() + other.provisionedSpillovers(),
                one.extensionRuns(),
                one.postRuntimeExtensionsMs());
    }

    private static @Nullable String aliasOf(String arn) {
        FunctionReference reference = FunctionReference.parse(arn);
        String qualifier = reference == null ? null : reference.qualifier();
        boolean isAlias = qualifier != null && !RegisteredFunction.isVersion(qualifier);
        return isAlias ? qualifier : null;
    }
}
