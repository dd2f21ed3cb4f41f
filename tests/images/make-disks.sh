#!/bin/sh
# Makes tests/images/disks/*.zst with qemu-img: the disc of bridge.iso.zst in every form that it writes, and disks that
# are based on one another. tests/unit/image/disks.test.ts knows what was written over what.
set -eu
cd "$(dirname "$0")"
mkdir -p disks
out=$PWD/disks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zstd -qd bridge.iso.zst -o "$work/disc.raw"
cd "$work"
make() { qemu-img convert -q -f raw disc.raw -O "$1" -o "$2" "$3"; }
packed() { qemu-img convert -q -c -f raw disc.raw -O qcow2 -o "$1" "$2"; }
make qcow2 compat=0.10 v2.qcow2
make qcow2 cluster_size=512 v3-512.qcow2
make qcow2 extended_l2=on extended.qcow2
packed compat=0.10 v2-packed.qcow2
packed compression_type=zstd,cluster_size=128k zstd.qcow2
make vpc force_size=on dynamic.vhd
make vpc subformat=fixed,force_size=on fixed.vhd
make vhdx subformat=dynamic dynamic.vhdx
make vhdx subformat=fixed fixed.vhdx
make vdi static=off dynamic.vdi
make vdi static=on static.vdi
make vmdk subformat=monolithicSparse sparse.vmdk
make vmdk subformat=streamOptimized stream.vmdk
make vmdk subformat=twoGbMaxExtentSparse split.vmdk
make vmdk subformat=monolithicFlat flat.vmdk
qemu-img create -q -f qcow2 -o data_file=outside.raw outside.qcow2 "$(stat -c %s disc.raw)"
qemu-img convert -q -n -f raw disc.raw -O qcow2 outside.qcow2
qemu-img create -q -f qcow2 -o extended_l2=on -b v2-packed.qcow2 -F qcow2 child.qcow2
qemu-img create -q -f vmdk -b sparse.vmdk -F vmdk child.vmdk
for child in child.qcow2 child.vmdk; do
  qemu-io -f "${child#*.}" -c 'write -q -P 0x5a 600k 3k' -c 'write -q -z 604k 8k' "$child"
done
rm disc.raw
for file in *; do zstd -q -19 --long=27 -f "$file" -o "$out/$file.zst"; done
