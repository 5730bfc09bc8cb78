#!/usr/bin/env bash
# Warm echo of two checkouts of thaw: both servers and their sandboxes on core 0, wrk on core 1, rounds alternating.
# Usage: echo-before-after.sh OLD_CHECKOUT NEW_CHECKOUT [ROUNDS] [SECONDS] [WARM_UP_SECONDS]
source "$(dirname "$0")/common.sh"
[ $# -ge 2 ] || fail "usage: echo-before-after.sh OLD_CHECKOUT NEW_CHECKOUT [ROUNDS] [SECONDS] [WARM_UP_SECONDS]" 2
need wrk taskset

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769 # the same function for both: this checkout's
for side in old new; do
    checkout=$(realpath "$1")
    shift
    serve $side 0 "$scratch/template.yaml"
    echo "$side: $(git -C "$checkout" log -1 --format='%h %s' 2>/dev/null || echo "$checkout")"
done

alternate "${1:-40}" "${2:-1}" "${3:-15}" old "$(invoke_url old echo)" new "$(invoke_url new echo)"
machine
figures old new
for connections in 1 8; do
    echo "p50 new/old at $connections: $(ratio new old $connections 1 | pairs)"
    echo "req/s new/old at $connections: $(ratio new old $connections 2 | pairs)"
done
echo "goal: within 3 %, p50 at most 1.03 at 1 connection, req/s at least 0.97 at 8"
