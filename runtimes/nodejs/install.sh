#!/usr/bin/env bash
# Installs the unmodified runtime client of Node.js (npm: aws-lambda-ric, pinned by package-lock.json) into
# ../lib/nodejs. Its native part is compiled, which takes about a minute; what came of it is kept in the user's cache.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
target=$here/../lib/nodejs/aws-lambda-ric
key=$(cat "$here/package-lock.json" <(uname -m) <(ldd --version 2>&1 | head -n 1) | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-${HOME:-$here/../lib}/.cache}/thaw/aws-lambda-ric-$key

die() {
    echo "no client for nodejs functions: $1" >&2
    exit 1
}

# A copy that is whole or not there.
put() {
    mkdir -p "$(dirname "$2")"
    cp -r "$1" "$2.new.$$"
    rm -rf "$2"
    mv "$2.new.$$" "$2"
}

needs() {
    local missing=() program
    for program in node npm cmake autoreconf libtoolize g++ make python3; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    [ ${#missing[@]} -eq 0 ] || die "missing: ${missing[*]}"
}

compile() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp "$here/package.json" "$here/package-lock.json" "$work"
    local home client
    # Headers beside the program, where there are any; else npm fetches them.
    home=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    if [ -f "$home/include/node/node_api.h" ]; then
        export npm_config_nodedir=$home
    fi
    # Bounded, for a registry that never answers.
    (cd "$work" && MAKEFLAGS=-j2 timeout 900 npm ci --no-audit --no-fund --foreground-scripts) >&2 || die "npm ci failed, see above"
    client=$work/node_modules/aws-lambda-ric
    [ -f "$client/dist/rapid-client.node" ] || die "its native part was not built"
    # As published and built, without the sources that the native part is compiled from.
    rm -rf "$client/deps" "$client/build" "$client/node-addon-api"
    put "$client" "$cache"
}

[ -f "$target/key" ] && [ "$(cat "$target/key")" = "$key" ] && exit 0
if [ ! -d "$cache" ]; then
    needs
    compile
fi
put "$cache" "$target"
echo "$key" >"$target/key"
