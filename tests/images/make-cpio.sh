#!/bin/sh
# Makes tests/images/cpio/*.img with GNU cpio: two small archives one behind the other, the second packed by each program
# that Linux unpacks an initrd of. The trees are what tests/unit/image/cpio.test.ts expects.
set -eu
cd "$(dirname "$0")/cpio"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/first/kernel/x86" "$work/second/folder"
printf 'microcode\n' > "$work/first/kernel/x86/code.bin"
printf 'hello\n' > "$work/second/hello.txt"
ln "$work/second/hello.txt" "$work/second/folder/same.txt"
ln -s ../hello.txt "$work/second/folder/link"
seq 1 2000 > "$work/second/folder/numbers"
: > "$work/second/empty"
find "$work" -exec touch -h -d '2001-02-03T04:05:06Z' {} +
pack() { (cd "$work/$1" && find . | LC_ALL=C sort | cpio -o -H "$2" --reproducible -R 0:0 --quiet); }
pack first newc > "$work/first.cpio"
pack second newc > "$work/second.cpio"
for form in newc crc odc bin; do pack second "$form" | zstd -q -19 -f -o "$form.cpio.zst" -; done
together() { cat "$work/first.cpio" - > "$1.img"; }
gzip -9 -n < "$work/second.cpio" | together gz
xz -9 --check=crc32 < "$work/second.cpio" | together xz
zstd -q -19 < "$work/second.cpio" | together zst
bzip2 -9 < "$work/second.cpio" | together bz2
lzma -9 < "$work/second.cpio" | together lzma
lz4 -l -9 < "$work/second.cpio" 2> /dev/null | together lz4
lzop -9 < "$work/second.cpio" | together lzo
# Three parts, the first of them packed, zeros between.
{
  gzip -9 -n < "$work/first.cpio"
  head -c 509 /dev/zero
  lzma -9 < "$work/second.cpio"
  head -c 3 /dev/zero
  (cd "$work" && printf 'later\n' > hello.txt && printf 'hello.txt\n' | cpio -o -H newc --reproducible -R 0:0 --quiet) | xz -9 --check=crc32
} > three.img
