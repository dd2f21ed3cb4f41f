#!/bin/sh
# Makes tests/images/ntfs/*.img.zst with ntfs-3g and wimlib-imagex; needs FUSE, and the right to mount. Clusters of 512
# bytes, so that small trees have indexes of several blocks, lists of attributes and fragments. The tree is what
# tests/unit/image/ntfs.test.ts expects.
set -eu
cd "$(dirname "$0")/ntfs"
work=$(mktemp -d)
trap 'umount "$work/disk" 2> /dev/null || true; rm -rf "$work"' EXIT
image=$work/small.img
disk=$work/disk
mkdir "$disk"
truncate -s 3M "$image"
mkntfs -F -q -T -c 512 -L small "$image" > /dev/null 2>&1

ntfs-3g -o compression,streams_interface=windows,special_files=wsl "$image" "$disk"
mkdir -p "$disk/folder/deep" "$disk/packed"
printf 'hello\n' > "$disk/hello.txt"
ln "$disk/hello.txt" "$disk/folder/same.txt"
: > "$disk/empty"
seq 1 20000 > "$disk/folder/numbers"
# Two files that grow by turns have hundreds of pieces; with more names, their list takes more than one record.
seq -w 1 30000 | sed 's/^/00/' > "$work/pieces"
for i in $(seq 0 468); do
  dd if="$work/pieces" of="$disk/folder/pieces" bs=512 skip="$i" seek="$i" count=1 conv=notrunc status=none
  head -c 512 /dev/zero >> "$disk/other"
done
rm "$disk/other"
for i in 1 2 3 4; do ln "$disk/folder/pieces" "$disk/folder/another rather long name of the file in pieces, number $i"; done
{ seq 1 3000; head -c 300000 /dev/zero; seq 3001 6000; } > "$work/mixed"
cp --sparse=always "$work/mixed" "$disk/folder/deep/mixed"
for i in $(seq 1 100); do printf 'file %s\n' "$i" > "$disk/folder/f$i"; done
# A directory that lost names has blocks of its index that are not in use.
for i in $(seq 1 200); do : > "$disk/folder/a name that will be gone $i"; done
rm "$disk/folder"/a\ name*
printf 'stream\n' > "$disk/hello.txt:note"
setfattr -h -n system.ntfs_attrib_be -v 0x00000800 "$disk/packed"
cp "$work/mixed" "$disk/packed/mixed"
head -c 70000 /dev/zero > "$disk/packed/zeros"
ln -s ../hello.txt "$disk/folder/link"
# What Windows makes: a symbolic link, relative, and a file packed as a whole by each of four ways.
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
le16() { printf '%02x%02x' $(($1 & 255)) $(($1 >> 8)); }
printf '..\\hello.txt' | iconv -t UTF-16LE > "$work/target"
length=$(stat -c %s "$work/target")
: > "$disk/folder/windows-link"
setfattr -h -n system.ntfs_reparse_data -v "0x0c0000a0$(le16 $((12 + 2 * length)))0000$(le16 0)$(le16 "$length")$(le16 "$length")$(le16 "$length")01000000$(hex "$work/target")$(hex "$work/target")" "$disk/folder/windows-link"
number=0
for way in xpress:4096 lzx:32768 xpress:8192 xpress:16384; do
  mkdir "$work/one"
  { seq 1 3000; head -c 30000 /dev/zero; } > "$work/one/file"
  wimlib-imagex capture "$work/one" "$work/$number.wim" --compress="${way%:*}" --chunk-size="${way#*:}" --no-acls > /dev/null 2>&1
  # A WIM has the same table and chunks, behind its header.
  length=$(wimlib-imagex info --blobs "$work/$number.wim" | grep -B8 -A8 "Offset in WIM *= 208 bytes" | sed -n 's/^Compressed size *= \([0-9]*\).*/\1/p' | head -1)
  dd if="$work/$number.wim" of="$work/stream" bs=1 skip=208 count="$length" status=none
  truncate -s "$(stat -c %s "$work/one/file")" "$disk/whole$number"
  cp "$work/stream" "$disk/whole$number:WofCompressedData"
  setfattr -h -n system.ntfs_reparse_data -v "0x17000080100000000100000002000000010000000${number}000000" "$disk/whole$number"
  rm -r "$work/one"
  number=$((number + 1))
done
find "$disk" -exec touch -h -d '2001-02-03T04:05:06Z' {} + 2> /dev/null || true
umount "$disk"

ntfs-3g -o special_files=interix "$image" "$disk"
ln -s ../hello.txt "$disk/folder/interix-link"
umount "$disk"
# The table of capitals takes most of the packed image, and is not needed to read one.
at=$(LC_ALL=C grep -obUaP '\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00' "$image" | head -1 | cut -d: -f1)
dd if=/dev/zero of="$image" bs=512 seek=$((at / 512)) count=256 conv=notrunc status=none
zstd -q -19 -f "$image" -o small.img.zst
