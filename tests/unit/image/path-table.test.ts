import { describe, expect, test } from 'vitest'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const tree = [
  { name: 'A', children: [{ name: 'B', children: [{ name: 'F;1', data: 'f' }] }] },
  { name: 'C', children: [] },
  { name: 'D', children: [] },
]

/** What the whole tree tells, and how much of it costs something. */
async function toldOf(bytes: Uint8Array): Promise<string[]> {
  const image = await openBytes(bytes)
  const table = await image.view('iso9660').readTree()
  expect(table.length).toBe(6)
  // Nothing is lost by any of it; of two names it is not known which is right.
  expect(table.damage.filter(({ code }) => code !== 'NAMES_DISAGREE')).toEqual([])
  return image.info.diagnostics.map(({ severity, code }) => `${severity} ${code}`)
}

function build(): { bytes: Uint8Array; view: DataView; little: number; big: number } {
  const { bytes } = buildIso(tree)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  // ECMA-119 8.4.14 and 8.4.16.
  return {
    bytes,
    view,
    little: view.getUint32(16 * SECTOR + 140, true) * SECTOR,
    big: view.getUint32(16 * SECTOR + 148) * SECTOR,
  }
}

describe('the path tables are compared with the tree and with one another (ECMA-119 6.9)', () => {
  test('and whole ones say nothing', async () => {
    expect(await toldOf(build().bytes)).toEqual([])
  })

  test('one that differs from its twin is told, and costs nothing', async () => {
    const { bytes, big } = build()
    bytes[big + 10 + 8] = 'Q'.charCodeAt(0)
    expect(await toldOf(bytes)).toEqual(['damage PATH_TABLES_DIFFER'])
  })

  test('one that cannot be read is told; one that was left blank is a habit', async () => {
    const { bytes, little, big } = build()
    const length = 60
    const blank = Uint8Array.from(bytes)
    blank.fill(0, big, big + length)
    expect(await toldOf(blank)).toEqual(['note PATH_TABLE_BLANK'])
    bytes.fill(0, little, little + length)
    expect(await toldOf(bytes)).toEqual(['damage PATH_TABLE_DAMAGED'])
  })

  test.each([0x01, 0x20, 0x80])('a directory whose own record names it otherwise is told: bit %i', async (bit) => {
    const { bytes, view } = build()
    const root = view.getUint32(16 * SECTOR + 156 + 2, true) * SECTOR
    // Behind the root's own record and its parent's; the identifier lies 33 bytes in.
    const record = root + 34 + 34
    expect(String.fromCharCode(bytes[record + 33] ?? 0)).toBe('A')
    bytes[record + 33]! ^= bit
    expect(await toldOf(bytes)).toContain('damage NAMES_DISAGREE')
  })

  test('directories that it does not name are told, and those that it has elsewhere', async () => {
    const { bytes, view, little, big } = build()
    // The second record is A's, ten bytes behind the root's; its number of the parent lies six bytes in.
    const { view: other, little: l, big: b, bytes: moved } = build()
    other.setUint16(l + 10 + 10 + 6, 2, true)
    other.setUint16(b + 10 + 10 + 6, 2)
    expect(await toldOf(moved)).toEqual(['damage PATH_TABLE_PARENT'])
    const place = view.getUint32(little + 10 + 2, true)
    view.setUint32(little + 20 + 2, place, true)
    view.setUint32(big + 20 + 2, place)
    expect(await toldOf(bytes)).toContain('damage PATH_TABLE_INCOMPLETE')
  })
})
