#!/usr/bin/env bash
# CPU share by memory, on either backend: loops a second of a burner beside those at 1769 MB, and the CPU time that the
# host gave beside the wall time of the invoke phase; both over memory/1769. At 3538 MB two processes burn. On processes
# also init beside suppressed init; a guest's clock counts the time that it stands still as CPU time.
# Usage: cpu-share.sh [ROUNDS] [WALL_SECONDS] [process|microvm]
source "$(dirname "$0")/common.sh"
rounds=${1:-3}
wall=${2:-5}
backend=${3:-process}
need jq curl taskset gcc
sizes="1769 128 256 512 1024 3538"

mkdir "$scratch/burner"
cp "$root/examples/target/shell/bootstrap" "$scratch/burner"
gcc -O2 -static -o "$scratch/burner/burn" "$bench/burn.c"
# shellcheck disable=SC2016 # for the function's shell
echo 'handler() { /var/task/burn ${1//[^0-9]/ }; }' >"$scratch/burner/function.sh"
template "$scratch/template.yaml"
for size in $sizes; do
    add "$scratch/template.yaml" "burn-$size" provided.al2023 function.handler "$size" "$scratch/burner" "Architectures: [$native]"
done
add_example "$scratch/template.yaml" probe probe 128 'Environment: {Variables: {THAW_INIT: "spin:200000"}}'
serve thaw "$(all_cores)" "$scratch/template.yaml" --backend "$backend"

invoke() { # FUNCTION EVENT: prints the fields of the record
    curl -s -D "$scratch/head" -o "$scratch/body" -H 'X-Thaw-Record: 1' -H 'Content-Type: application/json' \
        -d "$2" "$(invoke_url thaw "$1")"
    tr -d '\r' <"$scratch/head" | sed -n 's/^X-Thaw-Record: v1,//Ip'
}
# Fields: frontend queue create initExtension initRuntime initFunction restore thaw suppressedInit invoke respond, three
# flags, throttled, CPU.
init_function=6
suppressed_init=9
invoke_phase=10
throttled=15
cpu=16

machine
echo "backend: $backend"
for size in $sizes; do invoke "burn-$size" "[1,1]" >/dev/null; done
sleep 3 # environments are idle again: no other one boots beside what is measured
# In turns: a size's speed is set beside that of 1769 MB in the same round, for hosts are not equally fast all the time.
for round in $(seq "$rounds"); do
    for size in $sizes; do
        processes=$(((size + 1768) / 1769))
        record=$(invoke "burn-$size" "[$processes,$((wall * 1000))]")
        rate=$(jq -r '.loops / .ns' "$scratch/body")
        [ "$size" != 1769 ] || full=$rate
        awk -v r="$rate" -v f="$full" -v m="$size" 'BEGIN { printf "%.4f\n", r / f / (m / 1769) }' >>"$scratch/share.$size"
        echo "$rate" >>"$scratch/rate.$size"
        echo "$record" | awk -F, -v m="$size" -v c=$cpu -v i=$invoke_phase '{ printf "%.4f\n", $c / $i / (m / 1769) }' >>"$scratch/cpu.$size"
        echo "$record" | awk -F, -v t=$throttled -v i=$invoke_phase '{ printf "%.3f\n", $t / $i }' >>"$scratch/throttled.$size"
    done
done
full=$(median <"$scratch/rate.1769")
echo "1769 MB from round to round: speed over its median $(awk -v f="$full" '{ printf "%.4f\n", $1 / f }' "$scratch/rate.1769" | spread)"
for size in $sizes; do
    echo "$size MB: speed over that of 1769 MB $(spread <"$scratch/share.$size"), CPU time over wall time $(spread <"$scratch/cpu.$size"), each over memory/1769 (goal: 0.97..1.03); waited for quota $(spread <"$scratch/throttled.$size") of the time"
done
[ "$backend" = process ] || exit 0

cold=$(invoke probe '{"do":"count"}' | cut -d, -f$init_function)
invoke probe '{"do":"exit","code":3}' >/dev/null
suppressed=$(invoke probe '{"do":"count"}' | cut -d, -f$suppressed_init)
awk -v c="$cold" -v s="$suppressed" 'BEGIN {
    printf "init of 200 ms CPU at 128 MB: %.0f ms in its own phase, %.0f ms suppressed (%.1f times; 1769/128 = 13.8)\n", c / 1e6, s / 1e6, s / c }'
