#!/usr/bin/env bash
# Speed and memory of `thaw simulate`, bundle included, by the number of invocations: 200 functions for a day of minutes, one
# host, fixed keep-alive. Time is to grow in proportion, memory not at all.
# Usage: simulate.sh [INVOCATIONS..]
source "$(dirname "$0")/common.sh"
need python3 /usr/bin/time
machine
echo "| invocations | s | million/s | most memory, MB |"
echo "| ---: | ---: | ---: | ---: |"
for invocations in "${@:-100000 1000000 10000000 100000000}"; do
    for each in $invocations; do
        folder=$scratch/trace-$each
        python3 - "$folder" "$each" <<'PYTHON'
import os, sys
folder, invocations = sys.argv[1], int(sys.argv[2])
functions, minutes = 200, 1440
counts = [invocations * (at + 1) // (functions * minutes) - invocations * at // (functions * minutes)
          for at in range(functions * minutes)]
os.makedirs(folder)
ids = lambda f: f"o{f},a{f},f{f}"
with open(f"{folder}/invocations.csv", "w") as out:
    print("HashOwner,HashApp,HashFunction,Trigger," + ",".join(str(m + 1) for m in range(minutes)), file=out)
    for f in range(functions):
        print(ids(f) + ",http," + ",".join(map(str, counts[f * minutes:(f + 1) * minutes])), file=out)
levels = [0, 1, 25, 50, 75, 99, 100]
with open(f"{folder}/durations.csv", "w") as out:
    print("HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,"
          + ",".join(f"percentile_Average_{p}" for p in levels), file=out)
    for f in range(functions):
        print(ids(f) + ",40,1000,1,1000,1,2,5,10,50,200,1000", file=out)
with open(f"{folder}/memory.csv", "w") as out:
    print("HashOwner,HashApp,HashFunction,SampleCount,AverageAllocatedMb", file=out)
    for f in range(functions):
        print(ids(f) + ",10,200", file=out)
PYTHON
        /usr/bin/time -f '%e %M' -o "$scratch/time" "$root/thaw" simulate "$folder" --runs "$scratch/runs" \
            --host-memory 4000GiB --host-vcpus 640 --oversubscription 1000 --account-concurrency 1000000 >"$scratch/out"
        grep -q "^invocations  $each planned, $each sent" "$scratch/out"
        read -r seconds kib <"$scratch/time"
        awk -v n="$each" -v s="$seconds" -v k="$kib" \
            'BEGIN { printf "| %d | %.1f | %.2f | %d |\n", n, s, n / s / 1e6, k / 1024 }'
    done
done
