#!/bin/sh
# Makes a container image of a folder, with tar and sha256sum alone: an OCI image layout of one layer, the folder's files
# at /var/task.
#
#   ./image.sh FOLDER ARCHITECTURE TARGET COMMAND...     ARCHITECTURE as images spell it: amd64 or arm64
set -eu
[ $# -ge 4 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
folder=$1 architecture=$2 target=$3
shift 3
blobs=$target/blobs/sha256
rm -rf "$target"
mkdir -p "$blobs"

# A blob is a file whose name is the digest of its content; a descriptor says so, and how long it is.
digest() { sha256sum "$1" | cut -d ' ' -f 1; }
descriptor() {
    printf '{"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%s' \
        "$2" "$(digest "$1")" "$(wc -c <"$1" | tr -d ' ')"
    mv "$1" "$blobs/$(digest "$1")"
}

words=
for word in "$@"; do
    words=${words:+$words,}\"$word\"
done

tar -cf "$target/layer.tar" --owner=0 --group=0 --numeric-owner --mode=a+rX,u+w --sort=name --mtime=@0 \
    --transform='s,^\.,var/task,S' -C "$folder" .
content=$(digest "$target/layer.tar")
gzip -n "$target/layer.tar"
layer=$(descriptor "$target/layer.tar.gz" layer.v1.tar+gzip)

cat >"$target/config" <<CONFIG
{"architecture":"$architecture","os":"linux",
 "config":{"Entrypoint":["/var/task/bootstrap"],"Cmd":[$words],"WorkingDir":"/var/task","Env":["GREETING=of the image"]},
 "rootfs":{"type":"layers","diff_ids":["sha256:$content"]}}
CONFIG
config=$(descriptor "$target/config" config.v1+json)

printf '{"schemaVersion":2,"config":%s},"layers":[%s}]}' "$config" "$layer" >"$target/manifest"
manifest=$(descriptor "$target/manifest" manifest.v1+json)

printf '{"schemaVersion":2,"manifests":[%s,"platform":{"os":"linux","architecture":"%s"}}]}' \
    "$manifest" "$architecture" >"$target/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$target/oci-layout"
