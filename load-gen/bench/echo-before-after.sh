#!/usr/bin/env bash
# Warm echo of two checkouts of thaw: both servers and their sandboxes on core 0, wrk on core 1, rounds alternating.
# Each session starts both servers anew: what the compiler makes of one start differs from the next by a few percent, and
# is no property of the code.
# Usage: echo-before-after.sh OLD_CHECKOUT NEW_CHECKOUT [SESSIONS] [ROUNDS] [SECONDS] [WARM_UP_SECONDS]
source "$(dirname "$0")/common.sh"
[ $# -ge 2 ] || fail "usage: echo-before-after.sh OLD_CHECKOUT NEW_CHECKOUT [SESSIONS] [ROUNDS] [SECONDS] [WARM_UP_SECONDS]" 2
need wrk taskset
old=$1 new=$2 sessions=${3:-5}

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769 # the same function for both: this checkout's
serve_side() { # NAME CHECKOUT
    local checkout
    checkout=$(realpath "$2")
    serve "$1" 0 "$scratch/template.yaml"
}
for side in "$old" "$new"; do git -C "$side" log -1 --format='%h %s' 2>/dev/null || echo "$side"; done

for session in $(seq "$sessions"); do
    serve_side old "$old"
    serve_side new "$new"
    alternate "${4:-8}" "${5:-1}" "${6:-8}" old "$(invoke_url old echo)" new "$(invoke_url new echo)"
    end old
    end new
    echo "after session $session: p50 at 1 $(ratio new old 1 1 | median), req/s at 8 $(ratio new old 8 2 | median)"
done
machine
figures old new
for connections in 1 8; do
    echo "p50 new/old at $connections: $(ratio new old $connections 1 | pairs)"
    echo "req/s new/old at $connections: $(ratio new old $connections 2 | pairs)"
done
echo "goal: within 3 %, p50 at most 1.03 at 1 connection, req/s at least 0.97 at 8"
