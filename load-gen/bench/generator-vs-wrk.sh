#!/usr/bin/env bash
# The load generator alone: nginx answers 200 from memory on core 0, the generator or wrk on core 1, alternating.
# Usage: generator-vs-wrk.sh [ROUNDS] [SECONDS]
source "$(dirname "$0")/common.sh"
rounds=${1:-5}
seconds=${2:-8}
need wrk nginx jq curl python3 taskset

serve_nginx nginx 0 'return 200 "{}";'
target=${url[nginx]}/
cd "$scratch"

thaw_load() { # NAME ARGS...: prints the bundle
    local name=$1
    shift
    taskset -c 1 "$root/thaw" load --target "$target" --name "$name" --warm-up 10s "$@" | sed -n 's/^run: //p'
}

for round in $(seq "$rounds"); do
    taskset -c 1 wrk -t1 -c64 -d"${seconds}s" "$target" | awk '/Requests\/sec/ { print $2 }' >>wrk.rate
    run=$(thaw_load closed --closed-loop 64 --duration "${seconds}s") || true
    jq -r '.invocations.completed / (.window.lastDoneSeconds - .window.firstIntendedSeconds)' "$run/summary.json" >>thaw.rate
    run=$(thaw_load open --rate 10000 --duration "${seconds}s" --arrivals constant) || true
    jq -r '.latenessUs.p999' "$run/summary.json" >>thaw.lateness
    echo "round $round of $rounds" >&2
done
machine
echo "wrk req/s:  $(spread <wrk.rate)"
echo "thaw req/s: $(spread <thaw.rate)"
echo "ratio thaw/wrk: $(paste -d' ' thaw.rate wrk.rate | awk '{ print $1 / $2 }' | spread) (goal: at least 0.5)"
echo "lateness p99.9 at 10000/s, us: $(spread <thaw.lateness) (goal: under 2000)"
