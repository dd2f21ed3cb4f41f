#!/bin/sh
# Makes tests/images/wim/* with wimlib: small trees by each way of packing. The trees are what tests/unit/image/wim.test.ts
# expects.
set -eu
cd "$(dirname "$0")/wim"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/folder/empty" "$work/other"
printf 'hello\n' > "$work/tree/hello.txt"
ln "$work/tree/hello.txt" "$work/tree/folder/same.txt"
ln -s ../hello.txt "$work/tree/folder/link"
: > "$work/tree/empty"
seq 1 20000 > "$work/tree/folder/numbers"
head -c 100000 /dev/zero > "$work/tree/zeros"
printf 'x' > "$work/tree/Grüße 日本.txt"
# Calls that x86 filters look for, numbers that only a filter of differences packs well, and what nothing packs.
node -e '
const fs = require("node:fs")
const code = Buffer.alloc(70000)
for (let i = 0; i < code.length; i++) code[i] = (i * 7) & 0x3f
for (let i = 40; i + 5 < code.length; i += 50) { code[i] = i % 100 ? 0xe8 : 0xff; if (i % 100 === 0) code[i + 1] = 0x15; code.writeInt32LE(3000 - i, i + (i % 100 ? 1 : 2)) }
fs.writeFileSync(process.argv[1] + "/code", code)
const waves = Buffer.alloc(60000)
for (let i = 0; i + 4 <= waves.length; i += 4) waves.writeUInt32LE(i * 3, i)
fs.writeFileSync(process.argv[1] + "/waves", waves)
let seed = 1
fs.writeFileSync(process.argv[1] + "/random", Buffer.from(Array.from({ length: 5000 }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16)))
' "$work/tree/folder"
printf 'second\n' > "$work/other/only.txt"
printf 'hello\n' > "$work/other/hello.txt"
find "$work" -exec touch -h -d '2001-02-03T04:05:06Z' {} +
capture() { wimlib-imagex capture "$work/tree" "$@" --unix-data >/dev/null; }
rm -f ./*
capture lzx.wim 'First edition' --compress=LZX
wimlib-imagex append "$work/other" lzx.wim 'Second & last' >/dev/null
capture xpress.wim one --compress=XPRESS --chunk-size=4K
capture lzms.wim one --compress=LZMS
capture none.wim one --compress=none
capture install.esd one --solid --solid-compress=LZMS
capture solid-lzx.esd one --solid --solid-compress=LZX
capture pipable.wim one --pipable
wimlib-imagex split none.wim part.swm 0.2 >/dev/null
zstd -q --rm -19 ./*
