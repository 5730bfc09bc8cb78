#!/usr/bin/env bash
# What an external extension that takes every Invoke event costs an invocation: warm echo alone and beside it, two
# functions of one server. The client's share is the difference of p50 and of time per request (1/rate), rounds
# alternating; the environment's is the duration in the REPORT lines, which ends when the extension asks for its next
# event, at a calm constant rate. Server and sandboxes on core 0, wrk on core 1.
# Usage: extension-cost.sh [ROUNDS] [SECONDS] [WARM_UP_SECONDS]
source "$(dirname "$0")/common.sh"
need wrk gcc taskset jq

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" alone echo 1769
add_extended "$scratch/template.yaml" extended INVOKE,SHUTDOWN
serve thaw 0 "$scratch/template.yaml"

alternate "${1:-40}" "${2:-1}" "${3:-15}" alone "$(invoke_url thaw alone)" extended "$(invoke_url thaw extended)"
machine
figures alone extended
echo "p50 at 1 connection, us more: $(difference extended alone 1 1 | pairs)"
for name in alone extended; do # us of one request, of all connections together
    awk '{ print 1e6 / $2, $1 }' "$scratch/$name.8" >"$scratch/$name.each"
done
echo "per request at 8 connections, us more: $(paste -d' ' "$scratch/extended.each" "$scratch/alone.each" | awk '{ print $1 - $3 }' | pairs)"

# A server of its own: in the one above the log files are long and full of waiting.
serve calm 0 "$scratch/template.yaml"
for name in alone extended; do
    for seconds in 5 10; do # the first warms up
        rm -rf "$scratch/runs"
        taskset -c 1 "$root/thaw" load --function $name --url "${url[calm]}" --rate 200 --arrivals constant --duration "${seconds}s" \
            --runs "$scratch/runs" >"$scratch/load.out" || cat "$scratch/load.out" >&2
    done
    jq -r --arg name "$name" '.extensionOverhangUs | $name + ": " + if . then
        "busy for \(.p50) us after an answer (p50), \(.p99) us (p99)" else "free with each answer" end' \
        "$scratch"/runs/*/summary.json
done
for name in alone extended; do
    busy=$(cat "$scratch/logs.calm/$name/"* | sed -n 's/^REPORT.*\tDuration: \([0-9.]*\) ms.*/\1/p' | tail -n 2000 | awk '{ print $1 * 1000 }' | median)
    echo "$name: environment busy for $busy us of an invocation at 200/s, median of the last 2,000 REPORT lines"
done
