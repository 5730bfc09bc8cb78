#!/usr/bin/env bash
# Many microVMs of 128 MB that live at once, all answering, and what they take: proportional set size of each QEMU, how
# much of it is the guest's memory, and what the guest itself says that it uses.
# Usage: microvm-fleet.sh [COUNT]
source "$(dirname "$0")/common.sh"
count=${1:-30}
need jq curl taskset

template "$scratch/template.yaml"
for i in $(seq "$count"); do add_example "$scratch/template.yaml" "idle-$i" echo 128; done
mkdir "$scratch/inside"
cp "$root/examples/target/shell/bootstrap" "$scratch/inside"
echo 'handler() { cat /proc/meminfo; }' >"$scratch/inside/function.sh"
add "$scratch/template.yaml" inside provided.al2023 function.handler 128 "$scratch/inside" "Architectures: [$native]"
serve thaw "$(all_cores)" "$scratch/template.yaml" --backend microvm

ask_all() { # NAME: each function once, two at a time; its record, and its answer's status
    seq "$count" | xargs -P 2 -I{} curl -s -D "$scratch/$1.{}" -o /dev/null -H 'X-Thaw-Record: 1' -H 'Content-Type: application/json' -d '{"n":{}}' "$(invoke_url thaw "idle-{}")"
    cat "$scratch/$1".* | tr -d '\r' >"$scratch/$1"
}

machine
available=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)
began=$SECONDS
ask_all cold
echo "first answers: $(grep -c '^HTTP/1.1 200' "$scratch/cold") of $count, in $((SECONDS - began)) s"
ask_all warm
warm=$(sed -n 's/^X-Thaw-Record: v1,//Ip' "$scratch/warm" | awk -F, '$12 == 0 && $14 == 0' | wc -l)
echo "second answers: $(grep -c '^HTTP/1.1 200' "$scratch/warm") of $count, $warm of them by environments that were there"
now=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo)
echo "memory of the host that is not available any more: $(((available - now) / 1024)) MiB"

for limits in $(find /sys/fs/cgroup -path "*/thaw-${pid[thaw]}-*/idle-*/memory.limit_in_bytes" -o -path "*/thaw-${pid[thaw]}-*/idle-*/memory.max"); do
    group=$(dirname "$limits")
    for process in $(cat "$group/cgroup.procs"); do
        grep -q '^qemu-system' "/proc/$process/comm" || continue
        # The guest's memory is the largest mapping.
        awk '/^[0-9a-f]+-[0-9a-f]+ / { p = 0 } /^Size:/ { size = $2 } /^Pss:/ { all += $2; if (size > largest) { largest = size; guest = $2 } }
            END { printf "%.1f %.1f %.1f\n", all / 1024, guest / 1024, (all - guest) / 1024 }' "/proc/$process/smaps" >>"$scratch/pss"
    done
    { cat "$group/memory.max_usage_in_bytes" "$group/memory.peak" 2>/dev/null || true; } | awk '{ printf "%.1f\n", $1 / 1048576 }' >>"$scratch/peak"
    awk '{ printf "%.0f\n", $1 / 1048576 }' "$limits" >"$scratch/limit"
done
echo "microVMs: $(wc -l <"$scratch/pss")"
echo "MiB of one, PSS (min/median/max): all $(cut -d' ' -f1 "$scratch/pss" | spread), guest's memory $(cut -d' ' -f2 "$scratch/pss" | spread), QEMU beside it $(cut -d' ' -f3 "$scratch/pss" | spread)"
echo "MiB of one, of its control group: peak $(spread <"$scratch/peak"), limit $(cat "$scratch/limit")"
curl -s -H 'Content-Type: application/json' -d '{}' "$(invoke_url thaw inside)" >"$scratch/meminfo"
awk '{ v[$1] = $2 / 1024 } END {
    printf "inside one: total %.1f MiB, used %.1f MiB, of it page cache %.1f, slab %.1f, page tables %.1f\n",
        v["MemTotal:"], v["MemTotal:"] - v["MemFree:"], v["Cached:"] + v["Buffers:"], v["Slab:"], v["PageTables:"] }' "$scratch/meminfo"
