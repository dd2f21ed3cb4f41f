import { describe, expect, it } from 'vitest'
import { verifyImage } from '../../../src-main/verify/verify'
import { openBytes } from '../../images/open-bytes'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'

const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]

interface Blocks {
  loader: number
  catalog: number
}

/** A loader whose boot information table (mkisofs, `-boot-info-table`) says where it lies and what its words give. */
function loader(block: number): Buffer {
  const bytes = Buffer.alloc(3001, 'code of a loader ')
  let sum = 0
  const words = concat(bytes.subarray(64), new Uint8Array(3))
  for (let at = 0; at + 4 <= words.byteLength; at += 4) sum = (sum + Buffer.from(words).readUInt32LE(at)) >>> 0
  bytes.fill(0, 24, 64)
  bytes.set([...u32(16), ...u32(block), ...u32(bytes.byteLength), ...u32(sum)], 8)
  return bytes
}

/** El Torito 2.1 and 2.2: a validation entry whose words give zero, and one boot image. */
function catalog(block: number): Uint8Array {
  const validation = Buffer.alloc(32)
  validation[0] = 1
  validation.set([0x55, 0xaa], 30)
  let sum = 0
  for (let at = 0; at < 32; at += 2) sum += validation.readUInt16LE(at)
  validation.writeUInt16LE(-sum & 0xffff, 28)
  const entry = Buffer.alloc(32)
  entry[0] = 0x88
  entry.set([4, 0, ...u32(block)], 6)
  return concat(validation, entry, new Uint8Array(SECTOR - 64))
}

function build({ loader: own, catalog: list }: Blocks, target = own) {
  return buildIso(
    [
      { name: 'LOADER.BIN;1', data: loader(own) },
      { name: 'CATALOG;1', data: catalog(target) },
    ],
    {
      enhanced: [],
      patchDescriptor: (descriptor, index) => {
        if (index !== 1) return
        descriptor.fill(0)
        descriptor.set(concat([0], text('CD001'), [1], text('EL TORITO SPECIFICATION')))
        descriptor.set(u32(list), 71)
      },
    },
  )
}

const plan = build({ loader: 0, catalog: 0 })
const blocks = { loader: plan.blockOf('LOADER.BIN;1'), catalog: plan.blockOf('CATALOG;1') }

async function verified(bytes: Uint8Array) {
  const image = await openBytes(bytes)
  const { checks, verdict } = await verifyImage(image, image.info.defaultViewId, {
    checkpoint: () => undefined,
    progress: () => undefined,
  })
  return { verdict, failed: checks.filter((one) => one.verdict !== 'passed'), checks }
}

describe('boot images', () => {
  it('are held to the sums in their own tables, which prove nothing of the rest', async () => {
    const { verdict, checks } = await verified(build(blocks).bytes)
    expect(checks.find(({ kind }) => kind === 'boot-info')?.detail).toContain('“LOADER.BIN” fits')
    expect(verdict).toBe('nothing-to-check')
  })

  it('that were changed fail', async () => {
    const { bytes } = build(blocks)
    const at = blocks.loader * SECTOR + 2000
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const { verdict, failed } = await verified(bytes)
    expect(failed).toMatchObject([{ kind: 'boot-info', byteOffset: blocks.loader * SECTOR }])
    expect(verdict).toBe('failed')
  })

  it('that would lie behind the end fail, as a catalog does whose words do not give zero, or that is none', async () => {
    const beyond = await verified(build(blocks, 100_000).bytes)
    expect(beyond.failed).toMatchObject([
      { kind: 'structures', detail: expect.stringContaining('behind the end') as string },
    ])
    for (const change of [
      [4, 7],
      [0, 0],
    ] as const) {
      const { bytes } = build(blocks)
      bytes[blocks.catalog * SECTOR + change[0]] = change[1]
      const { failed } = await verified(bytes)
      expect(failed).toMatchObject([{ kind: 'structures', detail: expect.stringContaining('boot catalog') as string }])
    }
  })

  it('cost no file: extraction has nothing to tell of them', async () => {
    const image = await openBytes(build(blocks, 100_000).bytes)
    const table = await image.view(image.info.defaultViewId).readTree()
    expect(table.damage).toEqual([])
  })
})
