#!/usr/bin/env bash
# Cold starts of echo in a row: no environment to response at the client, measured from the intended start.
# Usage: cold-start.sh [COUNT] [RATE]
source "$(dirname "$0")/common.sh"
count=${1:-200}
rate=${2:-5}
need jq curl

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
      MemorySize: 128
      Timeout: 3
      Architectures: [x86_64]
      CodeUri: $root/examples/target/x86_64/
CONF
# Nothing is kept alive: every invocation finds no environment. Its own process, so the generator is not in the way.
"$root/thaw" serve -t "$scratch/template.yaml" --port 19112 --keep-alive 0ms ${THAW_SERVE_OPTIONS:-} >"$scratch/serve.log" &
started+=($!)
wait_for http://127.0.0.1:19112/_thaw/health
cd "$scratch"
"$root/thaw" load --function echo --url http://127.0.0.1:19112 --rate 5 --duration 10s --arrivals constant --name warm-up >/dev/null
"$root/thaw" load --function echo --url http://127.0.0.1:19112 --rate "$rate" --duration "$((count / rate))s" --arrivals constant --name cold | tee "$scratch/out"
run=$(sed -n 's/^run: //p' "$scratch/out")
machine
jq -r '"cold starts \(.coldStarts.triggered) of \(.invocations.completed); from intended start, us: p50 \(.latencyUs.fromIntended.p50) p99 \(.latencyUs.fromIntended.p99) max \(.latencyUs.fromIntended.max)"' "$run/summary.json"
