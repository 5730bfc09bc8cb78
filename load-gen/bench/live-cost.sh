#!/usr/bin/env bash
# What a reader of the live page costs: CPU time of the server's process (sandboxes left out) idle, and at a constant open
# load of warm echo, without and with one reader, in alternating rounds. Server, sandboxes, generator share all cores.
# Usage: live-cost.sh [ROUNDS] [SECONDS] [RATE]
source "$(dirname "$0")/common.sh"
need curl python3 taskset
rounds=${1:-3} seconds=${2:-30} rate=${3:-1000}

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769
serve thaw "$(all_cores)" "$scratch/template.yaml"
server=${pid[thaw]} reader=

follow() {
    curl -sN -H 'Accept: text/event-stream' "${url[thaw]}/_thaw/live" >"$scratch/events" &
    reader=$!
    sleep 2 # the first event comes at once, the compilers a little later
}

leave() {
    kill "$reader"
    wait "$reader" 2>/dev/null || true
    [ "$(grep -c '^data: ' "$scratch/events")" -ge "$seconds" ] || fail "the reader was not told each second"
}

cpu_s() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$server/stat"; }

load() { # SECONDS
    "$root/thaw" load --function echo --url "${url[thaw]}" --rate "$rate" --arrivals constant --duration "${1}s" --name live-cost \
        --runs "$scratch/runs" >"$scratch/load.out" || [ $? = 3 ] || { cat "$scratch/load.out" >&2; fail "the load failed"; }
}

# round NAME idle|load: appends the process's CPU, in percent of a core, over so many seconds.
round() {
    local from to began
    began=$(date +%s.%N) from=$(cpu_s)
    if [ "$2" = load ]; then load "$seconds"; else sleep "$seconds"; fi
    to=$(cpu_s)
    awk -v a="$from" -v b="$to" -v s="$began" -v e="$(date +%s.%N)" 'BEGIN { print 100 * (b - a) / (e - s) }' >>"$scratch/$2.$1"
}

load 20 # compilers, sandboxes
for _ in $(seq "$rounds"); do
    for kind in idle load; do
        round without "$kind"
        follow
        round with "$kind"
        leave
    done
done
machine
for kind in idle load; do
    [ "$kind" = load ] && what="at $rate echo/s" || what=idle
    echo "$what, % of a core: without a reader $(spread <"$scratch/$kind.without"), with one $(spread <"$scratch/$kind.with")"
    echo "$what, with minus without: $(paste -d' ' "$scratch/$kind.with" "$scratch/$kind.without" | awk '{ print $1 - $2 }' | spread)"
done
echo "(lowest/median/highest of $rounds rounds of $seconds s; goal: one reader costs under 1 % of a core)"
