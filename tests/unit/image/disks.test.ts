import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { codes, openBytes, pathsOf, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const FOLDER = path.resolve(import.meta.dirname, '../../images/disks')
const unpack = (file: string): Uint8Array => new Uint8Array(zlib.zstdDecompressSync(fs.readFileSync(file)))
const files = Object.fromEntries(
  fs.readdirSync(FOLDER).map((name) => [name.replace(/\.zst$/, ''), unpack(path.join(FOLDER, name))]),
)
const disc = unpack(path.resolve(FOLDER, '../bridge.iso.zst'))
/** What make-disks.sh writes over it. */
const changed = disc.slice()
changed.fill(0x5a, 600 << 10, 603 << 10)
changed.fill(0, 604 << 10, 612 << 10)

const DISKS: [name: string, kind: string, bytes: Uint8Array][] = [
  ['v2.qcow2', 'qcow2', disc],
  ['v2-packed.qcow2', 'qcow2', disc],
  ['v3-512.qcow2', 'qcow2', disc],
  ['extended.qcow2', 'qcow2', disc],
  ['zstd.qcow2', 'qcow2', disc],
  ['outside.qcow2', 'qcow2', disc],
  ['child.qcow2', 'qcow2', changed],
  ['dynamic.vhd', 'vhd', disc],
  ['fixed.vhd', 'vhd', disc],
  ['dynamic.vhdx', 'vhdx', disc],
  ['fixed.vhdx', 'vhdx', disc],
  ['dynamic.vdi', 'vdi', disc],
  ['static.vdi', 'vdi', disc],
  ['sparse.vmdk', 'vmdk', disc],
  ['stream.vmdk', 'vmdk', disc],
  ['split.vmdk', 'vmdk', disc],
  ['split-s001.vmdk', 'vmdk', disc],
  ['flat.vmdk', 'vmdk', disc],
  ['child.vmdk', 'vmdk', changed],
]

describe.each(DISKS)('a disk that qemu-img has written: %s', (name, kind, bytes) => {
  it('has every byte, by every way', async () => {
    const image = await openBytes(files[name]!, { name, ...siblings(files) })
    expect(image.info.containers).toEqual([kind])
    expect(image.blocks.byteLength).toBeGreaterThanOrEqual(bytes.byteLength)
    await itHasBytes(image.blocks, bytes)
    expect(codes(image).filter((code) => code !== 'TAIL_AFTER_VOLUME')).toEqual([])
    await image.close()
  })

  it('holds the disc', async () => {
    const image = await openBytes(files[name]!, { name, ...siblings(files) })
    const plain = await openBytes(disc)
    expect(await pathsOf(image)).toEqual(await pathsOf(plain))
    await image.close()
  })
})
