#!/usr/bin/env bash
# Warm echo alone, beside an external extension that only waits for Shutdown, and beside one that also subscribes to all
# telemetry (platform, function and extension events over HTTP, in batches of up to 100 ms) and throws it away: three
# functions of one server. Server and sandboxes, subscriber included, on core 0, wrk on core 1, rounds alternating.
# Usage: telemetry-cost.sh [ROUNDS] [SECONDS] [WARM_UP_SECONDS]
source "$(dirname "$0")/common.sh"
need wrk gcc taskset

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" alone echo 1769 # a whole vCPU: the quota must not be what is measured
add_extended "$scratch/template.yaml" waiting SHUTDOWN
add_extended "$scratch/template.yaml" subscribed SHUTDOWN telemetry
serve thaw 0 "$scratch/template.yaml"

rounds=()
for name in alone waiting subscribed; do rounds+=("$name" "$(invoke_url thaw $name)"); done
alternate "${1:-40}" "${2:-1}" "${3:-15}" "${rounds[@]}"
machine
figures alone waiting subscribed
for name in waiting subscribed; do
    for connections in 1 8; do
        echo "p50 $name/alone at $connections: $(ratio $name alone $connections 1 | pairs)"
        echo "req/s $name/alone at $connections: $(ratio $name alone $connections 2 | pairs)"
    done
done
echo "goal: a subscriber costs at most 3 %, p50 at 1 connection and req/s at 8"
