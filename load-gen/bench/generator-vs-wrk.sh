#!/usr/bin/env bash
# The load generator alone: nginx answers 200 from memory on core 0, the generator or wrk on core 1, alternating.
# Usage: generator-vs-wrk.sh [ROUNDS] [SECONDS]
source "$(dirname "$0")/common.sh"
rounds=${1:-5}
seconds=${2:-8}
need wrk nginx jq curl taskset

cat >"$scratch/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $scratch/nginx.pid; error_log $scratch/error.log;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path $scratch/b; proxy_temp_path $scratch/p;
  fastcgi_temp_path $scratch/f; uwsgi_temp_path $scratch/u; scgi_temp_path $scratch/s;
  keepalive_requests 100000000;
  server { listen 127.0.0.1:19120 reuseport; location / { return 200 "{}"; } }
}
CONF
start 0 nginx -c "$scratch/nginx.conf"
url=http://127.0.0.1:19120/
wait_for "$url"
cd "$scratch"

thaw_load() { # NAME ARGS...: prints the bundle
    local name=$1
    shift
    taskset -c 1 "$root/thaw" load --target "$url" --name "$name" --warm-up 10s "$@" | sed -n 's/^run: //p'
}

for round in $(seq "$rounds"); do
    taskset -c 1 wrk -t1 -c64 -d"${seconds}s" "$url" | awk '/Requests\/sec/ { print $2 }' >>wrk.rate
    run=$(thaw_load closed --closed-loop 64 --duration "${seconds}s") || true
    jq -r '.invocations.completed / (.window.lastDoneSeconds - .window.firstIntendedSeconds)' "$run/summary.json" >>thaw.rate
    run=$(thaw_load open --rate 10000 --duration "${seconds}s" --arrivals constant) || true
    jq -r '.latenessUs.p999' "$run/summary.json" >>thaw.lateness
    echo "round $round of $rounds" >&2
done
machine
echo "wrk req/s:  $(spread <wrk.rate)"
echo "thaw req/s: $(spread <thaw.rate)"
echo "ratio thaw/wrk: $(paste -d' ' thaw.rate wrk.rate | awk '{ print $1 / $2 }' | spread) (goal: at least 0.5)"
echo "lateness p99.9 at 10000/s, us: $(spread <thaw.lateness) (goal: under 2000)"
