#!/usr/bin/env bash
# Cold starts of every kind of example, split by phase: C, C as an image, beside an extension and emulated, shell, Python,
# Java with its archives and without, Node where it is usable. One server that keeps nothing alive; the functions take
# turns, so whatever the machine does meets all of them; the bundle stays in results/runs, with the report.
# Usage: init-phases.sh [COUNT_OF_EACH] [RATE]
source "$(dirname "$0")/common.sh"
count=${1:-20}
rate=${2:-1}
memory=512
need jq gcc taskset

"$root/thaw" doctor >"$scratch/doctor"
usable() { grep -q "^  yes  *$1 " "$scratch/doctor"; }
names=()
template=$scratch/template.yaml
template "$template"
with() { # NAME RUNTIME HANDLER CODE [PROPERTY]...
    local name=$1 runtime=$2 handler=$3 code=$4
    shift 4
    if usable "$runtime"; then
        add "$template" "$name" "$runtime" "$handler" $memory "$code" "Architectures: [$native]" "$@"
        names+=("$name")
    else
        echo "left out: $name, $runtime is not usable here (thaw doctor)" >&2
    fi
}

with c-echo provided.al2023 echo "$examples"
add_extended "$template" c-echo-extension INVOKE,SHUTDOWN
names+=(c-echo-extension)
"$root/examples/image.sh" "$examples" "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" "$scratch/image" echo
cat >>"$template" <<CONF
  Image:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: c-echo-image
      PackageType: Image
      ImageUri: $scratch/image
      MemorySize: $memory
      Timeout: 60
      Architectures: [$native]
CONF
names+=(c-echo-image)
foreign=$([ "$native" = arm64 ] && echo x86_64 || echo arm64)
if usable "$foreign emulation" && [ -x "$root/examples/target/$foreign/bootstrap" ]; then
    add "$template" "c-echo-$foreign-emulated" provided.al2023 echo $memory "$root/examples/target/$foreign/" "Architectures: [$foreign]"
    names+=("c-echo-$foreign-emulated")
fi
with shell-echo provided.al2023 function.handler "$root/examples/target/shell/"
with stream provided.al2023 stream "$root/examples/target/stream/"
with python-own provided.al2023 lambda_function.lambda_handler "$root/examples/target/python/"
python=$(sed -n 's/^  yes  *\(python3\.[0-9]*\) .*/\1/p' "$scratch/doctor" | head -1)
with python-managed "${python:-python3.x}" lambda_function.lambda_handler "$root/examples/python/"
node=$(sed -n 's/^  yes  *\(nodejs[0-9.x]*\) .*/\1/p' "$scratch/doctor" | head -1)
with node "${node:-nodejs}" index.area "$root/examples/node/"

# All three through the same wrapper, which every function may have: it takes the runtime client's archive away, or with
# it the JDK's own class data.
cp -r "$root/examples/target/java" "$scratch/java"
cat >"$scratch/java/archives" <<'WRAPPER'
#!/bin/sh
if [ "$ARCHIVES" != client ]; then
    java=$1
    shift
    for word; do
        shift
        case $word in
            -XX:AOTCache=*) ;;
            *) set -- "$@" "$word" ;;
        esac
    done
    [ "$ARCHIVES" = none ] && set -- -Xshare:off "$@"
    set -- "$java" "$@"
fi
exec "$@"
WRAPPER
chmod 755 "$scratch/java/archives"
for archives in client jdk none; do
    with java-archive-$archives java21 Area::handleRequest "$scratch/java/" \
        "Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /var/task/archives, ARCHIVES: $archives}}"
done

serve thaw "$(all_cores)" "$template" --keep-alive 0ms
load() { # NAME COUNT RUNS
    "$root/thaw" load --function "$(IFS=,; echo "${names[*]}")" --url "${url[thaw]}" --payload '{"length":6,"width":7}' --name "$1" \
        --arrivals constant --rate "$rate" --duration "$(awk -v n="$2" -v f=${#names[@]} -v r="$rate" 'BEGIN { printf "%d", n * f / r * 1000 }')ms" \
        --lateness-budget 100ms --runs "$3" >"$scratch/out" || cat "$scratch/out" >&2
    grep -q '^run: ' "$scratch/out"
}
load warm-up 1 "$scratch/runs" # files into the page cache, the server compiled
load init-phases "$count" "$root/results/runs"
run=$(sed -n 's/^run: //p' "$scratch/out")
machine
grep -E '^(invocations|cold starts)' "$scratch/out"
echo "median ms of cold starts at $memory MB; java-archive: client = thaw's archive of the runtime client, jdk = the JDK's own class data, none = neither"
{
    echo "function cold create initExtension initRuntime initFunction together p90"
    jq -r 'def ms: if . == null then "-" else . / 10 | round / 100 end;
        .functions[] | .name as $name | .coldStart | if . == null then "\($name) 0 - - - - - -" else
        "\($name) \(.totalUs.count) \(.medianUs.create | ms) \(.medianUs.initExtension | ms) \(.medianUs.initRuntime | ms) \(.medianUs.initFunction | ms) \(.totalUs.p50 | ms) \(.totalUs.p90 | ms)" end' \
        "$run/summary.json"
} | column -t
echo "report: $run/report.html"
