import { describe, expect, it } from 'vitest'
import { buildExfat, type ExfatNode } from '../../images/exfat-builder'
import { text } from '../../images/iso-builder'
import { codes, contentOf, openBytes } from '../../images/open-bytes'
import { expectContents, indexOf, seq } from '../../images/small-tree'

const LONG = `${'a long name '.repeat(20)}größe 🎉.txt`
const numbers = text(seq(1, 4000))
const TREE: ExfatNode[] = [
  { name: 'hello.txt', data: text('hello\n') },
  { name: 'empty', data: new Uint8Array(0) },
  {
    name: 'folder',
    children: [
      { name: 'numbers', data: numbers, isFragmented: true },
      { name: 'numbers in a row', data: numbers },
      // Written up to its 5000th byte; what follows in its clusters is old.
      { name: 'half', data: numbers, validLength: 5000 },
      { name: LONG, data: text('long') },
      ...Array.from({ length: 60 }, (_, index) => ({ name: `f${index}`, data: text(`file ${index}\n`) })),
    ],
  },
]
const CONTENTS: Record<string, Buffer> = {
  'hello.txt': Buffer.from('hello\n'),
  empty: Buffer.alloc(0),
  'folder/numbers': Buffer.from(numbers),
  'folder/numbers in a row': Buffer.from(numbers),
  'folder/half': Buffer.concat([numbers.subarray(0, 5000), Buffer.alloc(numbers.byteLength - 5000)]),
  [`folder/${LONG}`]: Buffer.from('long'),
  ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`folder/f${index}`, Buffer.from(`file ${index}\n`)])),
}

describe('exFAT', () => {
  it('lists everything, with times and the label', async () => {
    const image = await openBytes(buildExfat(TREE, 'Größe'), { name: 'card.img' })
    expect(image.info.views.map(({ id, volumeName }) => [id, volumeName])).toEqual([['exfat', 'Größe']])
    expect(image.info.completeness.status).toBe('complete')
    const table = await image.view('exfat').readTree()
    expect(table.damage).toEqual([])
    const found = Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1))
    expect(found.toSorted()).toEqual([...Object.keys(CONTENTS), 'folder'].toSorted())
    expect(table.modifiedOf(indexOf(table, 'hello.txt'))).toBe(Date.UTC(2001, 1, 3, 3, 5, 6, 500))
    expect(table.statusOf(indexOf(table, 'folder/half'))).toBe('complete')
  })

  it('gives every byte: chains, rows, and zeros behind what was written', async () => {
    await expectContents(await openBytes(buildExfat(TREE), { name: 'card.img' }), 'exfat', CONTENTS)
  })

  it('is read by its other boot sector, and it is said', async () => {
    const bytes = buildExfat(TREE)
    bytes.fill(0, 0, 512)
    const image = await openBytes(bytes, { name: 'card.img' })
    expect(codes(image)).toContain('HEADER_DAMAGED')
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
  })
})

/** The table of a volume with one file that says something else, and its status. */
async function lie(node: Partial<ExfatNode>, change?: (bytes: Uint8Array) => void) {
  const bytes = buildExfat([
    { name: 'before', data: text('before') },
    { name: 'file', data: numbers, ...node },
  ])
  change?.(bytes)
  const table = await (await openBytes(bytes, { name: 'card.img' })).view('exfat').readTree()
  return { table, codes: table.damage.map(({ code }) => code) }
}

describe('an exFAT volume that lies', () => {
  it('has a file of 2^62 bytes marked as lost', async () => {
    const { table, codes: told } = await lie({ lies: (set) => set.setBigUint64(56, 2n ** 62n, true) })
    expect(table.statusOf(indexOf(table, 'file'))).toBe('lost')
    expect(table.statusOf(indexOf(table, 'before'))).toBe('complete')
    expect(told).toEqual(['CLUSTERS_WRONG'])
  })

  it('has a chain that comes back to itself cut', async () => {
    const { table, codes: told } = await lie({ isFragmented: true }, (bytes) => {
      const fat = new DataView(bytes.buffer, 24 * 512)
      const at = Array.from({ length: 512 }, (_, cluster) => cluster).find(
        (cluster) => fat.getUint32(cluster * 4, true) === cluster + 2,
      )!
      fat.setUint32((at + 2) * 4, at, true)
    })
    expect(table.statusOf(indexOf(table, 'file'))).toBe('partial')
    expect(told).toEqual(['CLUSTERS_WRONG'])
  })

  it('has a first cluster outside the heap told', async () => {
    const { table, codes: told } = await lie({ lies: (set) => set.setUint32(52, 0xfffffff0, true) })
    expect(table.statusOf(indexOf(table, 'file'))).toBe('lost')
    expect(told).toEqual(['CLUSTERS_WRONG'])
  })

  it('has sums that do not fit told', async () => {
    const { table, codes: told } = await lie({ lies: (set) => set.setUint16(2, 0x1234, true) })
    expect(table.length).toBe(3)
    expect(told).toEqual(['ENTRY_SUM_WRONG'])
  })

  it('has entries that do not belong together told', async () => {
    const { table, codes: told } = await lie({ lies: (set) => set.setUint8(64, 0xc0) })
    expect(table.length).toBe(2)
    expect(told).toEqual(['DIRECTORY_UNREADABLE'])
  })

  it.each([
    ['its root outside', 96, 0xfffffff0],
    ['too many clusters', 92, 0x7fffffff],
    ['no allocation table', 80, 0],
    ['clusters of 2^200 bytes', 108, 0x01c8c809],
  ])('is refused in a sentence: %s', async (_, at, value) => {
    const bytes = buildExfat(TREE)
    new DataView(bytes.buffer).setUint32(at, value, true)
    bytes.fill(0, 12 * 512, 24 * 512)
    await expect(openBytes(bytes, { name: 'card.img' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringMatching(/^This exFAT volume .*\.$/) as string,
    })
  })
})
