#!/bin/sh
# Makes tests/images/chd/*.chd with chdman (mame-tools): a disc, and a disc with sound, by the codecs that no builder here
# packs. tests/unit/image/chd.test.ts makes the same sectors again.
set -eu
cd "$(dirname "$0")"
mkdir -p chd
out=$PWD/chd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zstd -qd bridge.iso.zst -o "$work/disc.iso"
node --input-type=module - "$work" <<'EOF'
import fs from 'node:fs'
const folder = process.argv[2]
const sound = Buffer.alloc(40 * 2352)
for (let at = 0; at < sound.length / 4; at++) {
  sound.writeInt16LE(Math.round(9000 * Math.sin(at / 37)) + ((at * 7919) % 61), at * 4)
  sound.writeInt16LE(Math.round(4000 * Math.sin(at / 91)) - ((at * 104729) % 33), at * 4 + 2)
}
fs.writeFileSync(`${folder}/sound.bin`, sound)
fs.writeFileSync(
  `${folder}/disc.cue`,
  'FILE "disc.iso" BINARY\n  TRACK 01 MODE1/2048\n    INDEX 01 00:00:00\n' +
    'FILE "sound.bin" BINARY\n  TRACK 02 AUDIO\n    PREGAP 00:02:00\n    INDEX 01 00:00:00\n',
)
EOF
cd "$work"
chdman createcd -f -i disc.cue -o "$out/cd.chd" >/dev/null
for codec in lzma huff flac; do
  chdman createraw -f -i disc.iso -o "$out/$codec.chd" -hs 8192 -us 2048 -c "$codec" >/dev/null
done
