#!/usr/bin/env bash
# `./thaw ab` of echo against nginx, which answers by itself, and of echo against itself, again and again: the one must be
# told, the other never. Each run has a server of its own.
# Usage: ab-self.sh [TIMES] [ROUNDS] [SECONDS] [RATE]
source "$(dirname "$0")/common.sh"
need nginx jq curl python3
times=${1:-10} rounds=${2:-10} seconds=${3:-2} rate=${4:-200}

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769 # a whole vCPU: the quota must not be what is measured
serve_nginx nginx "$(all_cores)" 'return 200 "{}";'

# ab SEED A B: a line for each metric: what B is against A.
ab() {
    local json=$scratch/comparison.json
    "$root/thaw" ab --variant "$2" --variant "$3" --seed "$1" --rounds "$rounds" --warm-up 2s --pause 200ms \
        --runs "$scratch/sets" --json "$json" \
        -- load --function echo -t "$scratch/template.yaml" --rate "$rate" --duration "${seconds}s" --warm-up 2s >"$scratch/ab.log" 2>&1 \
        || { cat "$scratch/ab.log" >&2; fail "ab failed"; }
    jq -r '.metrics[] | "\(.metric) \((.ratio // 0) * 1000 | round / 1000) (\((.low // 0) * 1000 | round / 1000) .. \((.high // 0) * 1000 | round / 1000)) \(.verdict)"' "$json"
    rm -rf "$scratch/sets"
}

"$root/thaw" --version >/dev/null # builds, where it must
machine
line=$(ab 1 "nginx: --target ${url[nginx]}/" thaw | paste -sd';')
echo "thaw against nginx: $line"
for i in $(seq "$times"); do
    line=$(ab "$i" a b | paste -sd';')
    echo "echo against itself, $i of $times: $line"
done
echo "goal: worse at latency.p50 against nginx, undecided against itself every time"
