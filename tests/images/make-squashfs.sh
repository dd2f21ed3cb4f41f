#!/bin/sh
# Makes tests/images/squashfs/*.squashfs with squashfs-tools: the same small tree by each compressor. The tree is what
# tests/unit/image/squashfs.test.ts expects.
set -eu
cd "$(dirname "$0")/squashfs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/folder/deep"
printf 'hello\n' > "$work/tree/hello.txt"
ln "$work/tree/hello.txt" "$work/tree/folder/same.txt"
ln -s ../hello.txt "$work/tree/folder/link"
: > "$work/tree/empty"
seq 1 20000 > "$work/tree/folder/numbers"
head -c 300000 /dev/zero > "$work/tree/zeros"
{ seq 1 3000; head -c 200000 /dev/zero; seq 3001 6000; } > "$work/tree/folder/deep/mixed"
for i in $(seq 1 400); do printf 'file %s\n' "$i" > "$work/tree/folder/f$i"; done
find "$work/tree" -exec touch -h -d '2001-02-03T04:05:06Z' {} +
for compressor in gzip lzma lzo xz lz4 zstd; do
  rm -f "$compressor.squashfs"
  mksquashfs "$work/tree" "$compressor.squashfs" -comp "$compressor" -all-root -noappend -quiet -no-progress \
    -mkfs-time 981173106 -b 131072
done
