#!/bin/sh
# Makes tests/images/erofs/*.erofs.zst with erofs-utils: the same small tree laid out and packed in each way. The tree is
# what tests/unit/image/erofs.test.ts expects.
set -eu
cd "$(dirname "$0")/erofs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/folder/deep"
printf 'hello\n' > "$work/tree/hello.txt"
ln "$work/tree/hello.txt" "$work/tree/folder/same.txt"
ln -s ../hello.txt "$work/tree/folder/link"
: > "$work/tree/empty"
seq 1 5000 > "$work/tree/folder/numbers"
{ seq 1 3000; head -c 300000 /dev/zero; seq 3001 6000; } > "$work/tree/folder/deep/mixed"
for i in $(seq 1 300); do printf 'file %s\n' "$i" > "$work/tree/folder/f$i"; done
find "$work/tree" -exec touch -h -d '2001-02-03T04:05:06Z' {} +
make() {
  name=$1
  shift
  mkfs.erofs --quiet --all-root -U 2d3c1b0a-0000-4000-8000-000000000002 "$@" "$work/$name.erofs" "$work/tree" > /dev/null
  zstd -q -19 -f "$work/$name.erofs" -o "$name.erofs.zst"
}
make plain
make chunks --chunksize=4096
make lz4 -zlz4
make legacy -zlz4 -Elegacy-compress
make clusters -zlz4hc -C32768
make tails -zlz4hc -Eztailpacking
make fragments -zlz4hc -Efragments,dedupe -C16384
# The content lies on a device of its own, which is left out.
make elsewhere --chunksize=4096 --blobdev="$work/blob"
