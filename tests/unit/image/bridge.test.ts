import { describe, expect, test } from 'vitest'
import { makeNode, type AuthorContent } from '../../../src-main/author/author-tree'
import { openImage, type ByteSource, type DiscImage } from '../../../src-main/image'
import { seal } from '../../images/udf-seal'
import { openPlan, plan, tree } from '../author/support'

const SECTOR = 2048
const GIB = 2 ** 30

/** An image in which some bytes are others. */
function overlaid(source: ByteSource, changes: ReadonlyMap<number, Uint8Array>): ByteSource {
  return {
    byteLength: source.byteLength,
    locate: () => null,
    close: () => undefined,
    async read(byteOffset, byteLength) {
      const bytes = Uint8Array.from(await source.read(byteOffset, byteLength))
      for (const [at, change] of changes) {
        const from = Math.max(at, byteOffset)
        const to = Math.min(at + change.byteLength, byteOffset + bytes.byteLength)
        if (from < to) bytes.set(change.subarray(from - at, to - at), from - byteOffset)
      }
      return bytes
    },
  }
}

async function codesOf(image: DiscImage): Promise<string[]> {
  const table = await image.view(image.info.defaultViewId).readTree()
  return [...image.damage, ...table.damage].map(({ code }) => code)
}

/** Where the roots of the primary and the supplementary descriptors lie (ECMA-119 8.4.18), in bytes. */
async function rootsOf(source: ByteSource): Promise<number[]> {
  const roots: number[] = []
  for (let sector = 16; ; sector++) {
    const bytes = await source.read(sector * SECTOR, SECTOR)
    if (bytes[0] === 255) return roots
    if (bytes[0] !== 1 && bytes[0] !== 2) continue
    roots.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(158, true) * SECTOR)
  }
}

describe('a bridge', () => {
  test('whose side that tells more cannot be read says so, and shows the other', async () => {
    const planned = await plan(tree({ folder: { 'a file.txt': 'a' }, 'b file.txt': 'b' }), { rockRidge: false })
    const whole = await openPlan(planned)
    expect(whole.info.defaultViewId).toBe('udf')
    expect(await codesOf(whole)).toEqual([])
    const at = await findFileEntry(planned.layout, 4)
    const blank = new Map([[at, new Uint8Array(SECTOR)]])
    const image = await openImage(overlaid(planned.layout, blank), { name: 'damaged.iso' })
    expect(image.info.defaultViewId).toBe('joliet')
    expect(await codesOf(image)).toContain('DEFAULT_TREE_DAMAGED')
  })

  test('whose side that tells more has lost a part of its root says so, and shows the other', async () => {
    const planned = await plan(tree({ folder: { 'a file.txt': 'a' }, 'b file.txt': 'b' }), { rockRidge: false })
    const at = await findFileEntry(planned.layout, 4)
    const entry = Uint8Array.from(await planned.layout.read(at, SECTOR))
    const view = new DataView(entry.buffer)
    // The last identifier is cut off (ECMA-167 4/14.4).
    view.setUint32(56, view.getUint32(56, true) - 12, true)
    seal(entry, 0)
    const image = await openImage(overlaid(planned.layout, new Map([[at, entry]])), { name: 'cut.iso' })
    expect(image.info.defaultViewId).toBe('joliet')
    expect(image.damage.map(({ code }) => code)).toContain('DEFAULT_TREE_DAMAGED')
  })

  test('whose ISO 9660 side has lost four gigabytes of a file shows the length that UDF has recorded', async () => {
    const content = described(5 * GIB)
    const root = tree({ 'after.txt': 'behind it' })
    root.children.unshift(makeNode({ name: 'long.bin', kind: 'file', content, modified: 1e12 }))
    const planned = await plan(root)
    const changes = new Map<number, Uint8Array>()
    for (const at of await rootsOf(planned.layout))
      changes.set(at, withShortFirstSection(await planned.layout.read(at, SECTOR), GIB))
    const image = await openImage(overlaid(planned.layout, changes), { name: 'limited.iso' })
    expect(image.info.defaultViewId).toBe('rock-ridge')
    const found = await image.view('rock-ridge').lookup('long.bin')
    expect(found?.entry).toMatchObject({ byteLength: 5 * GIB, status: 'complete' })
    for (const from of [0, GIB - 100, GIB, 4 * GIB - 7, 5 * GIB - 100])
      expect(await found?.content?.read(from, 100)).toEqual(await content.open().read(from, 100))
    expect(image.diagnostics.map(({ code }) => code)).toContain('LENGTH_FROM_UDF')
  })
})

/** The first File Entry of a file type (ECMA-167 4/14.6.6, 4/14.9), in bytes. */
async function findFileEntry(source: ByteSource, type: number): Promise<number> {
  for (let at = 257 * SECTOR; at < source.byteLength; at += SECTOR) {
    const bytes = await source.read(at, 32)
    if (bytes[0] === 5 && bytes[1] === 1 && bytes[27] === type) return at
  }
  throw new Error('there is none')
}

/** Content that needs no room: each byte says where it is. */
function described(byteLength: number): AuthorContent {
  const read = (at: number, length: number): Uint8Array =>
    Uint8Array.from({ length: Math.max(0, Math.min(length, byteLength - at)) }, (_, i) => ((at + i) / 4096) % 251)
  return {
    byteLength,
    origin: 'described',
    open: () => ({ byteLength, read, locate: () => null, close: () => undefined }),
  }
}

/** What a writer leaves that keeps 32 bits of a length and knows no sections (`genisoimage -allow-limited-size`). */
function withShortFirstSection(directory: Uint8Array, byteLength: number): Uint8Array {
  const out = new Uint8Array(directory.byteLength)
  let to = 0
  let isFollowing = false
  for (let at = 0; (directory[at] ?? 0) > 0; at += directory[at] ?? 0) {
    const record = directory.slice(at, at + (directory[at] ?? 0))
    const isContinued = ((record[25] ?? 0) & 0x80) !== 0
    const isLeftOut = isFollowing
    isFollowing = isContinued
    if (isLeftOut) continue
    if (isContinued) {
      const view = new DataView(record.buffer)
      view.setUint32(10, byteLength, true)
      view.setUint32(14, byteLength)
      record[25] = (record[25] ?? 0) & ~0x80
    }
    out.set(record, to)
    to += record.byteLength
  }
  return out
}
