#!/usr/bin/env bash
# Starts of microVMs in a row: cold, restored from a snapshot, and in a machine that booted ahead, for C, Java and Python;
# what each was made of (VMM, kernel, init, runtime, function), and the warm round trip of the C one. Languages and kinds
# take turns, so whatever the machine does meets all of them. Needs ./thaw doctor --install.
# Usage: microvm-starts.sh [COUNT]
source "$(dirname "$0")/common.sh"
count=${1:-30}
need python3 taskset wrk

plain=$scratch/plain.yaml
snapshots=$scratch/snapshots.yaml
for template in "$plain" "$snapshots"; do
    template "$template"
    snap=("Architectures: [$native]")
    [ "$template" = "$plain" ] || snap+=("AutoPublishAlias: live" "SnapStart: {ApplyOn: PublishedVersions}")
    add "$template" c provided.al2023 echo 128 "$examples" "${snap[@]}"
    add "$template" java java21 Area::handleRequest 512 "$root/examples/target/java/" "${snap[@]}"
    add "$template" python python3.11 lambda_function.lambda_handler 512 "$root/examples/python/" "${snap[@]}"
done
warm=$scratch/warm.yaml
template "$warm"
add "$warm" warm provided.al2023 echo 1769 "$examples" "Architectures: [$native]"

# Nothing is kept alive: every invocation finds no environment.
serve plain "$(all_cores)" "$snapshots" --backend microvm --keep-alive 0ms
serve ahead "$(all_cores)" "$plain" --backend microvm --keep-alive 0ms --pre-booted 1
machine
"$root/thaw" doctor --backend microvm 2>/dev/null | grep -E ' (KVM|snapshots) ' || true
python3 "$bench/microvm-starts.py" "$count" "${url[plain]}" "${url[ahead]}"

end plain
end ahead
# A round trip wakes seven threads in turn: on all cores, which may sleep, and on one that stays awake. In turns.
serve warm "$(all_cores)" "$warm" --backend microvm
serve core 0 "$warm" --backend microvm
for server in warm core; do
    curl -sf -o /dev/null -H 'Content-Type: application/json' --data '{}' "$(invoke_url $server warm)"
    post "$scratch/warm-up" "$(invoke_url $server warm)" 1 3
done
for _ in 1 2 3; do
    for server in warm core; do post "$scratch/$server.1" "$(invoke_url $server warm)" 1 5; done
done
for server in warm core; do
    echo "warm round trip at the client, C, 1,769 MB, one connection, p50 us of three rounds, $([ $server = core ] && echo 'server and machine on core 0, wrk on core 1' || echo 'on all cores'): $(cut -d' ' -f1 "$scratch/$server.1" | spread)"
done
