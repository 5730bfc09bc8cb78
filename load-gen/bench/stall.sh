#!/usr/bin/env bash
# Coordinated omission: nginx is stopped for a second on purpose while 1,000 requests a second are due. What an open
# loop must report is arithmetic: an arrival t seconds before the end of the stop waits t seconds. Beside it wrk, which
# has as many connections busy back to back and corrects its figures afterwards. Usage: stall.sh [ROUNDS]
source "$(dirname "$0")/common.sh"
rounds=${1:-3}
seconds=12
rate=1000
need wrk nginx jq curl python3 taskset

serve_nginx nginx 0 'return 200 "{}";'
target=${url[nginx]}/
cd "$scratch"

stall() { # DELAY: prints how long nginx stood, in ns
    sleep "$1"
    local from
    kill -STOP "${pid[nginx]}"
    from=$(date +%s%N)
    sleep 1
    kill -CONT "${pid[nginx]}"
    echo $(($(date +%s%N) - from))
}

machine
for round in $(seq "$rounds"); do
    stall 7 >stood & # the generator starts, compiles itself and connects first
    taskset -c 1 "$root/thaw" load --target "$target" --name stall --rate $rate --duration "${seconds}s" --arrivals constant \
        --lateness-budget 1s >out
    wait $!
    run=$(sed -n 's/^run: //p' out)
    jq -r --argjson stood "$(cat stood)" --argjson n $((rate * seconds)) --argjson rate $rate \
        '.latencyUs.fromIntended as $l | def due(f): ($stood / 1000) - ((1 - f) * $n / $rate * 1e6);
         "thaw, from the intended start: p99 \($l.p99 / 1000) ms, due \(due(0.99) / 1000); p99.9 \($l.p999 / 1000) ms, due \(due(0.999) / 1000); ratio of p99 \($l.p99 / due(0.99))"' \
        "$run/summary.json"
    stall 5 >/dev/null &
    taskset -c 1 wrk -t1 -c8 -d${seconds}s --latency "$target" | awk '/ 99%/ { print "wrk, its own correction: p99 " $2 }'
    wait $!
done
