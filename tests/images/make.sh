#!/usr/bin/env bash
# Builds the project's own disc images and what each of them must list. Needs xorriso, genisoimage, mkudffs (udftools),
# isomd5sum, xz, bzip2 and zstd; what they make is committed, so that tests need none of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1715941800 TZ=UTC LC_ALL=C.UTF-8
cd "$work"
mkdir -p images truth

row() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>manifest.tsv; }
row image bytes sha256 truth views origin licence exercises notes

# keep IMAGE TRUTH VIEWS ORIGIN EXERCISES [NOTES]: into the manifest, and compressed unless it is the sample.
keep() {
  local image=$1 size sum
  size=$(stat -c %s "images/$image")
  sum=$(sha256sum "images/$image" | cut -d' ' -f1)
  row "$image" "$size" "$sum" "$2" "$3" "$4" 'MIT (this project)' "$5" "${6:-}"
}

# truth IMAGE VIEW FOLDER
truth() { node "$here/make-truth.mjs" "$2" "$3" >>"truth/$1.tsv"; }

mkisofs() { xorriso -as mkisofs -quiet "$@" 2>/dev/null; }

# --- what goes in -----------------------------------------------------------------------------------------------------
node "$here/make-sample-files.mjs" sample

mkdir -p basic/DIR1/SUB basic/EMPTY
printf 'read me\n' >basic/README.TXT
printf 'a' >basic/DIR1/A.BIN
head -c 5000 /dev/zero | tr '\0' 'x' >basic/DIR1/SUB/FIVE.DAT
: >basic/ZERO.LEN

mkdir -p links/dir
printf 'target\n' >links/file
ln -s file links/to-file
ln -s ../outside links/to-outside
ln -s /etc/passwd links/to-absolute
ln -s "$(printf 'long/%.0s' $(seq 1 60))end" links/to-long
ln links/file links/hard
printf 'x' >"links/a name of more than two hundred letters $(printf 'x%.0s' $(seq 1 180)).txt"

at=deep
for level in 1 2 3 4 5 6 7 8 9 10 11; do
  at=$at/level$level
  mkdir -p "$at"
  printf '%s\n' "$level" >"$at/file$level"
done

mkdir zis
head -c 200000 < <(yes compressible) >zis/text
head -c 100000 /dev/zero >zis/zeros
printf 'short' >zis/short

mkdir names
for name in 'Größe.txt' 'Ünïcödé' '日本語.txt' '한국어' 'emoji 😀' 'trailing.' 'two  spaces' 'semi;colon' 'back\slash'; do
  printf '%s' "$name" >"names/$name"
done

# --- images -----------------------------------------------------------------------------------------------------------
mkisofs -R -J -joliet-long -V 'Isolde Sample' -publisher 'The Isolde project' -preparer 'tests/images/make.sh' \
  --set_all_file_dates 2024051710300000 -no-pad -o images/sample.iso sample
truth sample.iso rock-ridge sample
keep sample.iso made 'rock-ridge=17' 'xorriso -R -J' 'Rock Ridge and Joliet; the image that people open first'

for how in xz bzip2 gzip zstd; do
  case $how in xz) end=xz ;; bzip2) end=bz2 ;; gzip) end=gz ;; zstd) end=zst ;; esac
  "$how" -q -c images/sample.iso >"images/sample.iso.$end" 2>/dev/null || "$how" -c images/sample.iso >"images/sample.iso.$end"
  truth "sample.iso.$end" rock-ridge sample
  keep "sample.iso.$end" made 'rock-ridge=17' "$how" 'an image compressed as a whole'
done

genisoimage -quiet -udf -R -J -V BRIDGE -o images/bridge.iso basic
for view in rock-ridge joliet udf; do truth bridge.iso $view basic; done
keep bridge.iso made 'rock-ridge=7 joliet=7 udf=7' 'genisoimage -udf -R -J' 'UDF bridge'

genisoimage -quiet -hfs -R -V HFSHYBRID -o images/hfs.iso basic 2>/dev/null
truth hfs.iso rock-ridge basic
keep hfs.iso made 'rock-ridge=7' 'genisoimage -hfs' 'ISO/HFS hybrid'

mkisofs -R -hfsplus -V HFSPLUS -o images/hfsplus.iso basic
for view in rock-ridge hfsplus; do truth hfsplus.iso $view basic; done
keep hfsplus.iso made 'rock-ridge=7 hfsplus=7' 'xorriso -hfsplus' 'ISO/HFS+ hybrid with Apple partition map'

genisoimage -quiet -R -V DEEP -o images/deep.iso deep 2>/dev/null
truth deep.iso rock-ridge deep
keep deep.iso made 'rock-ridge=22' 'genisoimage -R' 'relocated directories put back in place'

xorriso -outdev images/links.iso -volid LINKS -hardlinks on -map links / >/dev/null 2>&1
truth links.iso rock-ridge links
keep links.iso made 'rock-ridge=9' 'xorriso -hardlinks on' 'symbolic and hard links, long names over continuation areas'

mkisofs -R -J -joliet-long -V NAMES -o images/names.iso names
truth names.iso rock-ridge names
keep names.iso made 'rock-ridge=9' 'xorriso -R -J -joliet-long' 'names beyond ASCII'

xorriso -outdev images/zisofs.iso -volid ZISOFS -zisofs level=9:block_size=32k -map zis / -set_filter_r --zisofs / -- >/dev/null 2>&1
truth zisofs.iso rock-ridge zis
keep zisofs.iso made 'rock-ridge=3' 'xorriso --zisofs' 'zisofs version 1'

xorriso -outdev images/zisofs2.iso -volid ZISOFS2 -zisofs level=9:version_2=on -map zis / -set_filter_r --zisofs / -- >/dev/null 2>&1
truth zisofs2.iso rock-ridge zis
keep zisofs2.iso made 'rock-ridge=3' 'xorriso --zisofs, version_2=on' 'zisofs version 2'

xorriso -outdev images/sessions.iso -volid ONE -map basic / >/dev/null 2>&1
xorriso -dev images/sessions.iso -volid TWO -map names /added >/dev/null 2>&1
mkdir -p both && cp -a basic/. both/ && cp -a names both/added
truth sessions.iso rock-ridge both
truth sessions.iso rock-ridge@1 basic
keep sessions.iso made 'rock-ridge=17 rock-ridge@1=7' 'xorriso, two sessions' 'sessions of an overwritable medium'

genisoimage -quiet -R -V ONE -o images/appended.iso basic
end=$(($(stat -c %s images/appended.iso) / 2048))
genisoimage -quiet -R -V TWO -C "0,$end" -M images/appended.iso -o two.iso names 2>/dev/null
cat two.iso >>images/appended.iso
truth appended.iso rock-ridge basic
keep appended.iso made 'rock-ridge=7' 'genisoimage -C -M' 'a second session behind the first; the first is shown'

head -c 2048 /dev/zero >boot.bin
mkdir -p bootable && cp -a basic/. bootable/ && cp boot.bin bootable/boot.bin
mkisofs -R -V BOOTABLE -b boot.bin -c boot.cat -no-emul-boot -boot-load-size 4 -eltorito-alt-boot -e README.TXT \
  -no-emul-boot -append_partition 2 0xef basic/README.TXT -appended_part_as_gpt -o images/bootable.iso bootable
keep bootable.iso none '' 'xorriso -b -e' 'El Torito with two platforms, GPT'

head -c $((6 * 2048 + 32768)) images/bridge.iso >images/cut-descriptors.iso
keep cut-descriptors.iso none '' 'head -c' 'cut behind the descriptors'
head -c 600000 images/bridge.iso >images/cut-tail.iso
for view in rock-ridge joliet udf; do truth cut-tail.iso $view basic; done
keep cut-tail.iso 'cut-as bridge.iso' 'rock-ridge=7 joliet=7 udf=7' 'head -c' 'the tail of an image missing'

mkdir -p summed/.disk summed/boot
for name in one two three; do head -c 300000 < <(yes "$name") >"summed/$name.txt"; done
printf 'kernel\n' >summed/boot/vmlinuz
(
  cd summed
  sha256sum ./one.txt ./two.txt ./three.txt >SHA256SUMS
  md5sum ./one.txt >md5sum.txt
  printf '[general]\nfamily = Isolde\n\n[checksums]\nboot/vmlinuz = sha256:%s\n' "$(sha256sum boot/vmlinuz | cut -d' ' -f1)" >.treeinfo
)
xorriso -md5 on -as mkisofs -quiet -R -V SUMMED -o images/summed.iso summed 2>/dev/null
implantisomd5 images/summed.iso >/dev/null
truth summed.iso rock-ridge summed
keep summed.iso made 'rock-ridge=8' 'xorriso -md5 on, implantisomd5' 'every kind of sum that an image can carry'

mkdir -p grown/later
cp summed/one.txt grown/one.txt
xorriso -outdev images/grown.iso -md5 on -map grown / -commit 2>/dev/null
printf 'later\n' >grown/later/new.txt
xorriso -dev images/grown.iso -md5 on -map grown/later /later -commit 2>/dev/null
truth grown.iso rock-ridge grown
keep grown.iso made 'rock-ridge=3' 'xorriso -dev, twice' 'libisofs sums of two sessions, and of the relocated descriptors'

udf() {
  mkudffs --new-file -b 2048 "${@:2}" -u 1234567890abcdef -l TEST "images/$1" 8192 >/dev/null 2>&1
  : >"truth/$1.tsv"
  keep "$1" made 'udf=0' "mkudffs ${*:2}" 'an empty UDF volume'
}
udf udf102.img -m hd -r 1.02
udf udf201.img -m hd -r 2.01
udf udf201-sparable.img -m cdrw -r 2.01
udf udf150-vat.img -m cdr -r 1.50 || true
udf udf260-vat.img -m bdr -r 2.60 --closed

printf '<!doctype html><title>404</title>\n' >images/not-found.iso
keep not-found.iso refuse '' 'printf' 'an error page saved as .iso'

# --- into place -------------------------------------------------------------------------------------------------------
rm -rf "$here"/truth "$here"/*.zst "$here"/manifest.tsv
mkdir "$here/truth"
cp images/sample.iso manifest.tsv "$here"
cp truth/* "$here/truth"
for image in images/*; do
  name=$(basename "$image")
  [ "$name" = sample.iso ] || zstd -q -19 -f "$image" -o "$here/$name.zst"
done
du -sh "$here" | cut -f1
