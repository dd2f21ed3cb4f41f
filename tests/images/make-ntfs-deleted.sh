#!/bin/sh
# Makes tests/images/ntfs/deleted.img.zst with ntfs-3g; needs FUSE, and the right to mount. sample.iso is in it as a file
# that is there and as a deleted one in pieces; summed.iso as a deleted one.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'umount "$work/disk" 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/disk"
truncate -s 5M "$work/image"
mkntfs -F -q -T -c 1024 "$work/image" > /dev/null 2>&1
ntfs-3g "$work/image" "$work/disk"
mkdir "$work/disk/folder"
cp sample.iso "$work/disk/there.iso"
# By turns with a file that stays.
for i in 0 1 2 3; do
  dd if=sample.iso of="$work/disk/folder/größe in pieces.iso" bs=31744 skip="$i" seek="$i" count=1 conv=notrunc,fsync status=none
  head -c 4096 /dev/zero >> "$work/disk/folder/stays"
  sync "$work/disk/folder/stays"
done
zstd -q -d -c summed.iso.zst > "$work/disk/folder/summed"
sync
rm "$work/disk/folder/größe in pieces.iso" "$work/disk/folder/summed"
umount "$work/disk"
zstd -19 -q -f "$work/image" -o ntfs/deleted.img.zst
