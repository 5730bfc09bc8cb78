#!/usr/bin/env bash
# Memory of microVMs of a C function at 128 MB that wait for their next event: booted, restored from one snapshot, and
# booted ahead for nobody's function yet. Proportional set sizes: a page that several of them share counts for each by its
# part. Beside it the guest's own use, what its kernel and the function hold, is what QEMU takes. Needs ./thaw doctor --install.
# Usage: microvm-memory.sh [COUNT]
source "$(dirname "$0")/common.sh"
count=${1:-10}
need python3 curl

plain=$scratch/plain.yaml
snapshots=$scratch/snapshots.yaml
template "$plain"
template "$snapshots"
add "$plain" held provided.al2023 hooks 128 "$examples" "Architectures: [$native]"
add "$snapshots" held provided.al2023 hooks 128 "$examples" "Architectures: [$native]" \
    "AutoPublishAlias: live" "SnapStart: {ApplyOn: PublishedVersions}"

# vmms SERVER: process ids of its QEMUs.
vmms() {
    local comm
    for comm in /proc/[0-9]*/comm; do
        if grep -qs '^qemu-system' "$comm" && grep -qs "thaw-${pid[$1]}-" "${comm%comm}cgroup"; then
            comm=${comm%/comm}
            echo "${comm#/proc/}"
        fi
    done
}

# sizes SERVER: "PSS of all, of that guests' memory, how many", in MiB.
sizes() {
    local each
    for each in $(vmms "$1"); do cat "/proc/$each/smaps" 2>/dev/null || true; done | awk -v n="$(vmms "$1" | wc -l)" '
        /^[0-9a-f]+-[0-9a-f]+ / { guest = /memfd:(guest|snapshot)/ }
        /^Pss:/ { all += $2; if (guest) guests += $2 }
        END { printf "%.1f %.1f %d\n", all / 1024, guests / 1024, n }'
}

# hold SERVER FUNCTION: so many environments of it, which wait for their next event then.
hold() {
    local attempt
    for attempt in 1 2 3; do # where a start took longer than the first ones were busy, those served two
        hold_once "$1" "$2"
        [ "$(vmms "$1" | wc -l)" -ge "$count" ] && return
    done
}

hold_once() {
    local asked=() n
    for n in $(seq "$count"); do
        curl -s -o "$scratch/held.$n" --retry 60 --retry-all-errors --retry-delay 1 -f -H 'Content-Type: application/json' --data '{"sleepMs":50000}' "$(invoke_url "$1" "$2")" &
        asked+=($!)
    done
    for n in "${asked[@]}"; do wait "$n"; done
}

machine
measure() { # SERVER LABEL
    read -r all guests there < <(sizes "$1")
    [ "$there" -ge "$count" ] || fail "$2: $there machines of $count"
    awk -v l="$2" -v a="$all" -v g="$guests" -v n="$there" 'BEGIN {
        printf "%-12s %2d machines: %6.1f MiB PSS, %.1f each, of that %.1f of the guest and %.1f of QEMU\n", l, n, a, a / n, g / n, (a - g) / n }'
    figure=$all
}

serve booted "$(all_cores)" "$plain" --backend microvm
hold booted held
measure booted booted
booted=$figure
end booted

serve restored "$(all_cores)" "$snapshots" --backend microvm
hold restored held:live
measure restored restored
restored=$figure
end restored

serve ahead "$(all_cores)" "$plain" --backend microvm --pre-booted "$count"
for _ in $(seq 120); do
    [ "$(vmms ahead | wc -l)" -ge "$count" ] && break
    sleep 1
done
sleep 20 # until all of them have booted
measure ahead "booted ahead"
awk -v r="$restored" -v b="$booted" -v n="$count" 'BEGIN { printf "%d restored use %.2f of what %d booted use\n", n, r / b, n }'
