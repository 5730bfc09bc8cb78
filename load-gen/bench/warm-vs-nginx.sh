#!/usr/bin/env bash
# Warm echo: thaw and its sandboxes on core 0, beside nginx proxying to a trivial C server on core 0; wrk on core 1.
# Alternating, in one run. Usage: warm-vs-nginx.sh [ROUNDS] [SECONDS]
source "$(dirname "$0")/common.sh"
need wrk nginx gcc curl python3 taskset

gcc -O2 -o "$scratch/trivial" "$bench/trivial.c"
back=$(free_port)
start 0 "$scratch/trivial" "$back"
serve_nginx nginx 0 'proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection "";' \
    "upstream back { server 127.0.0.1:$back; keepalive 64; keepalive_requests 100000000; }"
template "$scratch/template.yaml"
add_example "$scratch/template.yaml" echo echo 1769 # a whole vCPU: the quota must not be what is measured
serve thaw 0 "$scratch/template.yaml"

alternate "${1:-5}" "${2:-5}" 20 nginx "$(invoke_url nginx echo)" thaw "$(invoke_url thaw echo)"
machine
figures nginx thaw
echo "p50 ratio thaw/nginx at 1 connection: $(ratio thaw nginx 1 1 | spread) (goal: at most 1.3)"
echo "throughput ratio thaw/nginx at 8 connections: $(ratio thaw nginx 8 2 | spread) (goal: at least 0.8)"
