#!/usr/bin/env bash
# Accepting asynchronous events: echo's events at a constant rate, open loop, each answered once it is on disk, while the
# functions run. Server and generator share all cores. Usage: async-accept.sh [ROUNDS] [SECONDS] [RATE] [STATE_DIR]
source "$(dirname "$0")/common.sh"
need curl python3 taskset
rounds=${1:-5} seconds=${2:-10} rate=${3:-5000}
state=${4:-$scratch/state} # give a folder on the disk that is meant, where the temporary one is not on it
mkdir -p "$state"

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 128
serve thaw "$(all_cores)" "$scratch/template.yaml" --state "$state"

# round NAME: one run; appends "p50_ms p99_ms accepted_per_second" to that file.
round() {
    (cd "$scratch" && "$root/thaw" load --target "${url[thaw]}/2014-11-13/functions/echo/invoke-async/" --rate "$rate" \
        --arrivals constant --duration "${seconds}s" --payload '{"x":5}' --lateness-budget 1s --name "$1") >"$scratch/load.out" \
        || { cat "$scratch/load.out" >&2; fail "the load did not keep its budget"; }
    python3 - "$scratch/$(sed -n 's/^run: //p' "$scratch/load.out")/summary.json" "$seconds" <<'PY' >>"$scratch/$1"
import json, sys
summary = json.load(open(sys.argv[1]))
counts, latency = summary["invocations"], summary["latencyUs"]["fromIntended"]
if counts["completed"] != counts["planned"] or counts["lost"]:
    sys.exit(f"not all were accepted: {counts}")
print(latency["p50"] / 1000, latency["p99"] / 1000, counts["completed"] / float(sys.argv[2]))
PY
}

for _ in 1 2 3; do round warm-up; done # compilers, sandboxes, the store's first pages
for _ in $(seq "$rounds"); do round measured; done
machine
echo "state on $(df --output=fstype "$state" | tail -1)"
echo "accepted a second: $(cut -d' ' -f3 "$scratch/measured" | spread) (goal: at least 5000)"
echo "202 from the intended start, p50 ms: $(cut -d' ' -f1 "$scratch/measured" | spread)"
echo "202 from the intended start, p99 ms: $(cut -d' ' -f2 "$scratch/measured" | spread) (goal: under 20)"
