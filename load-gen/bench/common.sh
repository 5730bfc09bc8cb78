# Shared by the benchmarks in this folder: scratch space, SAM templates, servers on ports that the kernel chose and that
# are ended by their process ids, rounds that alternate, and what the rounds come to.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$bench/../.." && pwd)
scratch=$(mktemp -d)
started=()
native=$(uname -m | sed s/aarch64/arm64/)
examples=$root/examples/target/$native/
declare -A url pid # by the name of a server
export LC_ALL=C.UTF-8 # builds of thaw before November 2026 do not start where it is C

clean_up() {
    local each
    for each in "${started[@]}"; do kill "$each" 2>/dev/null || true; done
    for each in "${started[@]}"; do wait "$each" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap clean_up EXIT

fail() {
    echo "$1" >&2
    exit "${2:-1}"
}

need() {
    local name
    PATH=$PATH:/usr/sbin
    for name in "$@"; do
        command -v "$name" >/dev/null || fail "needs $name: ./thaw doctor --install" 2
    done
}

# --- servers

# start CPU COMMAND...: in the background, pinned, ended with this script. CPU may be a list, such as 0,1.
start() {
    local cpu=$1
    shift
    taskset -c "$cpu" "$@" &
    started+=($!)
}

all_cores() { echo "0-$(($(nproc) - 1))"; }

# template FILE: begins a SAM template.
template() {
    printf 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n' >"$1"
}

# add FILE NAME RUNTIME HANDLER MEMORY_MIB CODE [PROPERTY]...: one more function; a property is a line of YAML.
add() {
    local file=$1 name=$2 property
    cat >>"$file" <<CONF
  F${name//[^A-Za-z0-9]/}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: $name
      Runtime: $3
      Handler: $4
      MemorySize: $5
      CodeUri: $6
CONF
    shift 6
    for property in "Timeout: 60" "$@"; do echo "      $property" >>"$file"; done
}

# add_example FILE NAME HANDLER MEMORY_MIB [PROPERTY]...: one of the C examples, for this host's processor.
add_example() {
    local file=$1 name=$2 handler=$3 memory=$4
    shift 4
    add "$file" "$name" provided.al2023 "$handler" "$memory" "$examples" "Architectures: [$native]" "$@"
}

# add_extended FILE NAME EVENTS [TELEMETRY]: echo beside an external extension that registers for these events, and, with
# a fourth argument, subscribes to telemetry.
add_extended() {
    local layer=$scratch/layer
    if [ ! -x "$layer/extensions/bench" ]; then
        mkdir -p "$layer/extensions"
        gcc -O2 -static -o "$layer/extensions/bench" "$bench/extension.c"
    fi
    add_example "$1" "$2" echo 1769 "Layers: [$layer]" "Environment: {Variables: {BENCH_EVENTS: '$3', BENCH_TELEMETRY: '${4:-}'}}"
}

# serve NAME CPU TEMPLATE [OPTION]...: thaw, once it listens; ${url[NAME]} is where, ${pid[NAME]} what to end.
# $checkout is whose thaw, where it is not this one's; THAW_SERVE_OPTIONS goes to every server.
serve() {
    local name=$1 cpu=$2 file=$3 thaw=${checkout:-$root}/thaw log=$scratch/serve.$1.log
    shift 3
    # A state folder is one server's. Another checkout may not know the option, and has a folder of its own.
    [ -n "${checkout:-}" ] || [[ " $* " == *" --state "* ]] || set -- --state "$scratch/state.$name" "$@"
    "$thaw" --version >/dev/null # builds, where it must, before anything is timed or pinned
    # shellcheck disable=SC2086 # a list
    start "$cpu" "$thaw" serve -t "$file" --port 0 --logs "$scratch/logs.$name" "$@" ${THAW_SERVE_OPTIONS:-} >"$log" 2>&1
    pid[$name]=${started[-1]}
    for _ in $(seq 600); do
        url[$name]=$(sed -n 's/^listening on //p' "$log")
        [ -n "${url[$name]}" ] && return
        kill -0 "${pid[$name]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$log" >&2
    fail "thaw serve did not start"
}

# end NAME: ends that server, and waits for it.
end() {
    kill "${pid[$1]}"
    wait "${pid[$1]}" || true
}

invoke_url() { echo "${url[$1]}/2015-03-31/functions/$2/invocations"; } # SERVER FUNCTION

# A port that was free a moment ago, for servers that cannot be told to choose.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

wait_for() { # URL
    for _ in $(seq 600); do
        curl -s -o /dev/null "$1" && return
        sleep 0.1
    done
    fail "nothing answers at $1"
}

# serve_nginx NAME CPU LOCATION [UPSTREAM]: one worker; the last two are nginx's directives.
serve_nginx() {
    local name=$1 port
    port=$(free_port)
    cat >"$scratch/$name.conf" <<CONF
daemon off; master_process off; pid $scratch/$name.pid; error_log $scratch/$name.error.log;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path $scratch/$name.b; proxy_temp_path $scratch/$name.p;
  fastcgi_temp_path $scratch/$name.f; uwsgi_temp_path $scratch/$name.u; scgi_temp_path $scratch/$name.s;
  keepalive_requests 100000000;
  ${4:-}
  server { listen 127.0.0.1:$port; location / { $3 } }
}
CONF
    start "$2" nginx -c "$scratch/$name.conf"
    pid[$name]=${started[-1]}
    url[$name]=http://127.0.0.1:$port
    wait_for "${url[$name]}/"
}

# --- rounds

# post FILE URL CONNECTIONS SECONDS: wrk on core 1; appends "p50_us requests_per_second".
post() {
    [ -f "$scratch/post.lua" ] || cat >"$scratch/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"key":"value"}'
wrk.headers["Content-Type"] = "application/json"
LUA
    taskset -c 1 wrk -t1 -c"$3" -d"${4}s" --latency -s "$scratch/post.lua" "$2" >"$scratch/wrk.out"
    if grep -qE 'Non-2xx|Socket errors' "$scratch/wrk.out"; then
        cat "$scratch/wrk.out" >&2
        fail "not every answer was a good one"
    fi
    awk '/ 50%/ { v = $2; f = v ~ /ms$/ ? 1000 : v ~ /us$/ ? 1 : 1000000; sub(/[a-z]+$/, "", v); p = v * f }
        /Requests\/sec/ { r = $2 } END { print p, r }' "$scratch/wrk.out" >>"$1"
}

# alternate ROUNDS SECONDS WARM_UP_SECONDS NAME URL [NAME URL]...: posts to each in turn at 1 and at 8 connections, every
# other round in the opposite order. Pairs of one round are neighbours in time, so what the machine does meets both.
alternate() {
    local rounds=$1 seconds=$2 warm_up=$3 round connections i
    shift 3
    local given=("$@") order=() backwards=()
    for ((i = 0; i < ${#given[@]}; i += 2)); do
        order+=("$i")
        backwards=("$i" "${backwards[@]}")
    done
    for connections in 1 8; do # not counted
        for i in "${order[@]}"; do post "$scratch/warm-up" "${given[i + 1]}" $connections "$warm_up"; done
    done
    for round in $(seq "$rounds"); do
        for connections in 1 8; do
            for i in "${order[@]}"; do post "$scratch/${given[i]}.$connections" "${given[i + 1]}" $connections "$seconds"; done
        done
        local turn=("${order[@]}")
        order=("${backwards[@]}")
        backwards=("${turn[@]}")
        [ -t 2 ] && printf '\rround %s of %s' "$round" "$rounds" >&2
    done
    [ -t 2 ] && echo >&2
    return 0
}

# --- figures

spread() { # numbers on stdin -> min/median/max
    sort -g | awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; printf "%g/%g/%g", v[1], m, v[NR] }'
}

median() { spread | cut -d/ -f2; }

# pairs: numbers on stdin, one a pair -> their median, its 95 % interval by order statistics (no assumption of how they
# are spread), and from where to where the middle 80 % of them go.
pairs() {
    sort -g | awk '
        function at(q,    x, i) { x = 1 + (NR - 1) * q; i = int(x); return i >= NR ? v[NR] : v[i] + (x - i) * (v[i + 1] - v[i]) }
        { v[NR] = $1 }
        END {
            # k - 1 or fewer heads of NR fair coins come at most once in 40 times.
            term = 0.5 ^ NR; tail = term; k = 0
            while (tail <= 0.025 && k < NR) { k++; term *= (NR - k + 1) / k; tail += term }
            interval = k > 0 ? sprintf("95 %% interval %.4g..%.4g", v[k], v[NR + 1 - k]) : "too few pairs for an interval"
            printf "median %.4g, %s, 10..90 %% %.4g..%.4g, %d pairs", at(0.5), interval, at(0.1), at(0.9), NR
        }'
}

# figures NAME...: what alternate measured of each.
figures() {
    local connections name
    for connections in 1 8; do
        for name in "$@"; do
            printf '%-10s c=%s  p50 us %s  req/s %s\n' "$name" $connections \
                "$(cut -d' ' -f1 "$scratch/$name.$connections" | spread)" "$(cut -d' ' -f2 "$scratch/$name.$connections" | spread)"
        done
    done
}

# ratio NAME OTHER CONNECTIONS COLUMN: NAME over OTHER, pair by pair; column 1 is p50, 2 requests/s.
ratio() { paste -d' ' "$scratch/$1.$3" "$scratch/$2.$3" | awk -v c="$4" '{ print $c / $(c + 2) }'; }

# difference NAME OTHER CONNECTIONS COLUMN: NAME minus OTHER, likewise.
difference() { paste -d' ' "$scratch/$1.$3" "$scratch/$2.$3" | awk -v c="$4" '{ print $c - $(c + 2) }'; }

machine() {
    echo "machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r), $(date -u +%F)"
}
