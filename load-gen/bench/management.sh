#!/usr/bin/env bash
# Latency of management calls with many functions present, one call at a time, after warm-up rounds that are not counted.
# Usage: management.sh [FUNCTIONS] [CALLS] [STATE_DIR]
source "$(dirname "$0")/common.sh"
need python3 taskset
functions=${1:-1000} calls=${2:-1000}
state=${3:-$scratch/state} # give a folder on the disk that is meant, where the temporary one is not on it
mkdir -p "$state"

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 128
serve thaw "$(all_cores)" "$scratch/template.yaml" --state "$state"
machine
echo "state on $(df --output=fstype "$state" | tail -1), $functions functions (goal: p99 of every call under 20 ms)"
python3 "$bench/management.py" "${url[thaw]}" "$functions" "$calls"
