#!/usr/bin/env bash
# Cold starts of echo in a row: no environment to response at the client, measured from the intended start.
# Usage: cold-start.sh [COUNT] [RATE]
source "$(dirname "$0")/common.sh"
count=${1:-200}
rate=${2:-5}
need jq taskset

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 128
# Nothing is kept alive: every invocation finds no environment. Its own process, so the generator is not in the way.
serve thaw "$(all_cores)" "$scratch/template.yaml" --keep-alive 0ms
load() { "$root/thaw" load --function echo --url "${url[thaw]}" --arrivals constant "$@"; }
load --rate 5 --duration 10s --name warm-up --runs "$scratch/runs" >/dev/null
load --rate "$rate" --duration "$((count / rate))s" --name cold | tee "$scratch/out"
run=$(sed -n 's/^run: //p' "$scratch/out")
machine
jq -r '"cold starts \(.coldStarts.triggered) of \(.invocations.completed); from intended start, us: p50 \(.latencyUs.fromIntended.p50) p99 \(.latencyUs.fromIntended.p99) max \(.latencyUs.fromIntended.max)"' "$run/summary.json"
