#!/usr/bin/env bash
# CPU share by memory, and init beside suppressed init. A burner's speed is CPU time over wall time of its invoke phase;
# the share is memory/1769. Usage: cpu-share.sh [ROUNDS] [WALL_SECONDS]
source "$(dirname "$0")/common.sh"
rounds=${1:-3}
wall=${2:-5}
need jq curl taskset
sizes="128 256 512 1024 1769"

template "$scratch/template.yaml"
for size in $sizes; do
    add_example "$scratch/template.yaml" "burn-$size" spin "$size"
done
add_example "$scratch/template.yaml" probe probe 128 'Environment: {Variables: {THAW_INIT: "spin:200000"}}'
serve thaw "$(all_cores)" "$scratch/template.yaml"

invoke() { # FUNCTION EVENT: prints the fields of the record
    curl -s -D "$scratch/head" -o "$scratch/body" -H 'X-Thaw-Record: 1' -H 'Content-Type: application/json' \
        -d "$2" "$(invoke_url thaw "$1")"
    tr -d '\r' <"$scratch/head" | sed -n 's/^X-Thaw-Record: v1,//Ip'
}
# Fields: frontend queue create initExtension initRuntime initFunction restore thaw suppressedInit invoke respond, flags.
init_function=6
suppressed_init=9
invoke_phase=10

machine
for size in $sizes; do
    invoke "burn-$size" '{}' >/dev/null
    for round in $(seq "$rounds"); do
        cpu_us=$(awk -v m="$size" -v w="$wall" 'BEGIN { printf "%d", w * 1e6 * m / 1769 }')
        ns=$(invoke "burn-$size" "{\"cpuUs\":$cpu_us}" | cut -d, -f$invoke_phase)
        burnt=$(jq .cpuUs "$scratch/body")
        awk -v c="$burnt" -v n="$ns" -v m="$size" 'BEGIN { printf "%.4f\n", c * 1000 / n / (m / 1769) }' >>"$scratch/share.$size"
    done
    echo "$size MB: speed over memory/1769 = $(spread <"$scratch/share.$size") (goal: 0.97..1.03)"
done

cold=$(invoke probe '{"do":"count"}' | cut -d, -f$init_function)
invoke probe '{"do":"exit","code":3}' >/dev/null
suppressed=$(invoke probe '{"do":"count"}' | cut -d, -f$suppressed_init)
awk -v c="$cold" -v s="$suppressed" 'BEGIN {
    printf "init of 200 ms CPU at 128 MB: %.0f ms in its own phase, %.0f ms suppressed (%.1f times; 1769/128 = 13.8)\n", c / 1e6, s / 1e6, s / c }'
