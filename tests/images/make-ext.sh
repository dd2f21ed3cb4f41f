#!/bin/sh
# Makes tests/images/ext/*.img.zst with e2fsprogs: the same small tree in volumes of each kind, and one whose journal has
# not been replayed. The tree is what tests/unit/image/ext.test.ts expects.
set -eu
cd "$(dirname "$0")/ext"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/folder/deep"
printf 'hello\n' > "$work/tree/hello.txt"
ln "$work/tree/hello.txt" "$work/tree/folder/same.txt"
ln -s ../hello.txt "$work/tree/folder/link"
ln -s "$(printf 'far/%.0s' $(seq 60))away" "$work/tree/folder/long-link"
: > "$work/tree/empty"
seq 1 20000 > "$work/tree/folder/numbers"
{ seq 1 3000; head -c 20000000 /dev/zero; seq 3001 6000; } > "$work/dense"
cp --sparse=always "$work/dense" "$work/tree/folder/deep/mixed"
rm "$work/dense"
for i in $(seq 1 100); do printf 'file %s\n' "$i" > "$work/tree/folder/f$i"; done
find "$work/tree" -exec touch -h -d '2001-02-03T04:05:06Z' {} +
make() {
  name=$1
  size=$2
  shift 2
  rm -f "$work/$name.img"
  E2FSPROGS_FAKE_TIME=981173106 mke2fs -q -F -d "$work/tree" -E root_owner=0:0,hash_seed=2d3c1b0a-0000-4000-8000-000000000001 \
    -U 2d3c1b0a-0000-4000-8000-000000000002 -L small "$@" "$work/$name.img" "$size"
  zstd -q -19 -f "$work/$name.img" -o "$name.img.zst"
}
make ext2 2M -t ext2 -b 1024 -N 256
make ext2-old 2M -t ext2 -r 0 -b 1024 -N 256
make ext4 4M -t ext4 -b 1024 -N 256 -J size=1
make inline 2M -t ext4 -b 4096 -N 256 -O inline_data,^has_journal
make bigalloc 2M -t ext4 -b 1024 -N 256 -O bigalloc,^resize_inode,^has_journal -C 4096
make meta-groups 2M -t ext4 -b 1024 -N 512 -O meta_bg,^flex_bg,^resize_inode,^64bit,^has_journal -g 512
# A volume that was not closed: what the journal holds is not in its place.
cp "$work/ext4.img" "$work/dirty.img"
dd if="$work/ext4.img" of="$work/block" bs=1024 count=1 skip="$(debugfs -R 'bmap /hello.txt 0' "$work/ext4.img" 2> /dev/null)" status=none
printf 'jrnal\n' | dd of="$work/block" conv=notrunc status=none
printf 'jo -c\njw -b %s %s\njc\n' "$(debugfs -R 'bmap /hello.txt 0' "$work/ext4.img" 2> /dev/null)" "$work/block" > "$work/commands"
debugfs -w -f "$work/commands" "$work/dirty.img" > /dev/null 2>&1
zstd -q -19 -f "$work/dirty.img" -o dirty.img.zst
