#!/usr/bin/env bash
# What is planted must be found: handlers that sleep 2 ms (DELAY_MS) once in a hundred, by compare at p99.9 and not at p50, with the
# handler named as cause; a server that is stopped for 0.4 s, with the host named. Servers on core 0, generator on core 1,
# runs alternating, each behind some seconds of the same load by the same connections. Needs a host at rest: where others'
# tails are longer than that, theirs are found.
# Usage: tail-causes.sh [RUNS] [SECONDS] [RATE] [SETTLE_SECONDS] [DELAY_MS]
source "$(dirname "$0")/common.sh"
runs=${1:-4} seconds=${2:-20} rate=${3:-300} settle=${4:-5} delay_ms=${5:-2}
need jq taskset

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769
serve plain 0 "$scratch/template.yaml"
serve sleepy 0 "$scratch/template.yaml" --fault "delay@invoke:1%,${delay_ms}ms"

load() { # NAME SECONDS FOLDER RATE SETTLE_SECONDS: prints the run's folder
    taskset -c 1 "$root/thaw" load --function echo --url "${url[$1]}" --rate "$4" --arrivals constant --duration "$2s" \
        --settle "$5s" --name "$1" --lateness-budget 1s --runs "$scratch/$3" >"$scratch/load.out" || cat "$scratch/load.out" >&2
    sed -n 's/^run: //p' "$scratch/load.out"
}

tail_of() { # RUN: its causes
    jq -r '"\(.kind): slowest \(.tails.count) of \(.tails.of) from \(.tails.fromUs) us on: "
        + (.tails.causes | to_entries | map(select(.value.count > 0) | "\(.value.count) \(.key)") | join(", "))' "$1/summary.json"
}

machine
# Neither cold starts nor a server's compilers, which share its core, are what is looked for.
for name in plain sleepy; do load $name 15 warm-up 2000 0 >/dev/null; done
for round in $(seq "$runs"); do
    for name in $([ $((round % 2)) = 1 ] && echo plain sleepy || echo sleepy plain); do
        echo "$name: $(tail_of "$(load $name "$seconds" $name "$rate" "$settle")")"
    done
done
"$root/thaw" compare "$scratch"/plain/* -- "$scratch"/sleepy/* --unit stretches --metrics latency.p50,latency.p999

stall() {
    sleep 2
    kill -STOP "${pid[plain]}"
    sleep 0.4
    kill -CONT "${pid[plain]}"
}
rm -f "$scratch/load.out"
load plain 5 stalled "$rate" 0 >"$scratch/stalled.run" &
while ! grep -q '^measuring' "$scratch/load.out" 2>/dev/null; do sleep 0.1; done
stall
wait $!
run=$(cat "$scratch/stalled.run")
echo "stopped for 0.4 s: $(tail_of "$run"); longest stall $(jq .pauses.server.stalls.longestMs "$run/summary.json") ms"
