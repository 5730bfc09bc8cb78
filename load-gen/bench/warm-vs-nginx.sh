#!/usr/bin/env bash
# Warm echo: thaw and its sandboxes on core 0, beside nginx proxying to a trivial C server on core 0; wrk on core 1.
# Alternating, in one run. Usage: warm-vs-nginx.sh [ROUNDS] [SECONDS]
source "$(dirname "$0")/common.sh"
rounds=${1:-5}
seconds=${2:-5}
need wrk nginx gcc curl taskset

gcc -O2 -o "$scratch/trivial" "$bench/trivial.c"
cat >"$scratch/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $scratch/nginx.pid; error_log $scratch/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path $scratch/body; proxy_temp_path $scratch/proxy;
  fastcgi_temp_path $scratch/f; uwsgi_temp_path $scratch/u; scgi_temp_path $scratch/s;
  keepalive_requests 100000000;
  upstream back { server 127.0.0.1:19101; keepalive 64; keepalive_requests 100000000; }
  server { listen 127.0.0.1:19100 reuseport;
    location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}
CONF
# 1769 MB buys a whole vCPU: the quota must not be what is measured.
cat >"$scratch/template.yaml" <<CONF
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: echo
      Runtime: provided.al2023
      Handler: echo
      MemorySize: 1769
      Timeout: 30
      Architectures: [x86_64]
      CodeUri: $root/examples/target/x86_64/
CONF
cat >"$scratch/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"key":"value"}'
wrk.headers["Content-Type"] = "application/json"
LUA

start 0 "$scratch/trivial" 19101
start 0 nginx -c "$scratch/nginx.conf"
start 0 "$root/thaw" serve -t "$scratch/template.yaml" --port 19102 ${THAW_SERVE_OPTIONS:-} >"$scratch/serve.log"
nginx_url=http://127.0.0.1:19100/2015-03-31/functions/echo/invocations
thaw_url=http://127.0.0.1:19102/2015-03-31/functions/echo/invocations
wait_for http://127.0.0.1:19100/
wait_for http://127.0.0.1:19102/_thaw/health

run() { # NAME URL CONNECTIONS SECONDS -> appends "p50us rate"
    taskset -c 1 wrk -t1 -c"$3" -d"${4}s" --latency -s "$scratch/post.lua" "$2" >"$scratch/out"
    if grep -qE 'Non-2xx|Socket errors' "$scratch/out"; then
        cat "$scratch/out" >&2
        exit 1
    fi
    awk '/ 50%/ { v = $2; f = 1; if (v ~ /ms$/) f = 1000; sub(/[a-z]+$/, "", v); p = v * f } /Requests\/sec/ { r = $2 } END { print p, r }' \
        "$scratch/out" >>"$scratch/$1.$3"
}

for connections in 1 8; do # warm-up, not counted
    for name in nginx thaw; do
        url=${name}_url
        run warmup "${!url}" $connections 20
    done
done
for round in $(seq "$rounds"); do
    for connections in 1 8; do
        run nginx "$nginx_url" $connections "$seconds"
        run thaw "$thaw_url" $connections "$seconds"
    done
    echo "round $round of $rounds" >&2
done

machine
for connections in 1 8; do
    for name in nginx thaw; do
        printf '%-6s c=%s  p50 us %s  req/s %s\n' $name $connections \
            "$(cut -d' ' -f1 "$scratch/$name.$connections" | spread)" "$(cut -d' ' -f2 "$scratch/$name.$connections" | spread)"
    done
done
ratio() { paste -d' ' "$scratch/thaw.$1" "$scratch/nginx.$1" | awk -v c="$2" '{ print $c / $(c + 2) }' | spread; }
echo "p50 ratio thaw/nginx at 1 connection: $(ratio 1 1) (goal: at most 1.3)"
echo "throughput ratio thaw/nginx at 8 connections: $(ratio 8 2) (goal: at least 0.8)"
