# Shared by the benchmarks in this folder: scratch space, clean-up by process id, medians.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$bench/../.." && pwd)
scratch=$(mktemp -d)
started=()

clean_up() {
    local pid
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap clean_up EXIT

need() {
    local name
    for name in "$@"; do
        command -v "$name" >/dev/null || PATH=$PATH:/usr/sbin command -v "$name" >/dev/null \
            || { echo "needs $name: ./thaw doctor --install" >&2; exit 2; }
    done
    PATH=$PATH:/usr/sbin
}

# start CPU COMMAND...: in the background, pinned, ended with this script.
start() {
    local cpu=$1
    shift
    taskset -c "$cpu" "$@" &
    started+=($!)
}

wait_for() { # URL
    local i
    for _ in $(seq 600); do
        curl -s -o /dev/null "$1" && return
        sleep 0.1
    done
    echo "nothing answers at $1" >&2
    exit 1
}

spread() { # numbers on stdin -> min/median/max
    sort -g | awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf "%g/%g/%g", v[1], m, v[NR] }'
}

median() { spread | cut -d/ -f2; }

machine() {
    echo "machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r), $(date -u +%F)"
}
