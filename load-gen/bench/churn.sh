#!/usr/bin/env bash
# Creates and destroys sandboxes, each for one invocation, and compares what the server has of its host before and after:
# descriptors, threads, processes, control groups, mounts, disk. Fails where anything is more than it was.
# Usage: churn.sh [COUNT] [process|microvm] [AT_ONCE]
source "$(dirname "$0")/common.sh"
count=${1:-1000}
backend=${2:-process}
at_once=${3:-2}
need curl taskset

template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 128
serve thaw "$(all_cores)" "$scratch/template.yaml" --keep-alive 0ms --backend "$backend"
server=${pid[thaw]}
images=${XDG_CACHE_HOME:-$HOME/.cache}/thaw/images

churn() { # COUNT: prints how many answers there were of each status
    seq "$1" | xargs -P "$at_once" -I{} curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' -d '{}' "$(invoke_url thaw echo)" | sort | uniq -c | xargs
}

descendants() { # PID: it, and all below it
    local child
    echo "$1"
    for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do descendants "$child"; done
}

traces() {
    echo "descriptors $(find /proc/"$server"/fd -mindepth 1 | wc -l)"
    echo "threads $(find /proc/"$server"/task -mindepth 1 -maxdepth 1 | wc -l)"
    echo "processes $(descendants "$server" | wc -l)"
    echo "groups $(find /sys/fs/cgroup -type d -path "*/thaw-$server-*" | wc -l)"
    echo "mounts $(cat /proc/"$server"/task/*/mountinfo | sort -u | wc -l)"
    echo "files $(find "${TMPDIR:-/tmp}" -path "*/thaw-*-$server-*" 2>/dev/null | wc -l)"
    echo "images_kib $(du -sk "$images" 2>/dev/null | cut -f1)"
}

# The last sandboxes end behind their answers.
settled() {
    local before
    for _ in $(seq 30); do
        before=$now
        sleep 1
        now=$(traces)
        [ "$now" = "$before" ] && break
    done
    echo "$now"
}

machine
echo "backend: $backend"
churn 40 >/dev/null
now=
settled >"$scratch/before"
began=$SECONDS
echo "answers: $(churn "$count")  in $((SECONDS - began)) s"
settled >"$scratch/after"
paste -d' ' "$scratch/before" "$scratch/after" | awk '
    $1 == "images_kib" { print "images_kib  ", $2, "before", $4, "after (a cache that other servers share)"; next }
    { more = $4 > $2; worse += more; printf "%-12s %8d before %8d after%s\n", $1, $2, $4, more ? "  MORE" : "" }
    END { exit worse > 0 }'
