import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildFat, type FatNode } from '../../images/fat-builder'
import { text } from '../../images/iso-builder'
import { damages, openBytes, pathsOf, readAll } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

type Bits = 12 | 16 | 32

const MIXED = 'Mixed Case Name with Spaces.html'
const big = Uint8Array.from({ length: 30_000 }, (_, index) => index % 251)
const TREE: FatNode[] = [
  { name: '', short: 'FIRST   TXT', data: text('first') },
  { name: '', short: 'README  TXT', data: text('read me') },
  { name: MIXED, alias: 'MIXEDC~1HTM', data: text('<p>') },
  { name: 'Big File.bin', alias: 'BIGFIL~1BIN', data: big },
  {
    name: 'Outer',
    alias: 'OUTER      ',
    children: [
      { name: '', short: 'INSIDE  TXT', data: text('inside') },
      { name: 'Inner', alias: 'INNER      ', children: [{ name: '', short: 'DEEP    TXT', data: text('deep') }] },
    ],
  },
  { name: 'Other', alias: 'OTHER      ', children: [{ name: '', short: 'ELSE    TXT', data: text('else') }] },
  { name: '', short: 'EMPTY   TXT' },
  { name: '', short: 'LAST    TXT', data: text('last') },
]
/** Where a volume of 16 bits by buildFat has its root, of four sectors, and its clusters of one sector. */
const ROOT = 512 * (1 + Math.ceil((5002 * 2) / 512))
const DATA = ROOT + 4 * 512
const clusterAt = (cluster: number): number => DATA + (cluster - 2) * 512

/** Where the record of a short name lies. */
function recordOf(bytes: Uint8Array, short: string): number {
  const at = Buffer.from(bytes).indexOf(short, 0, 'latin1')
  if (at < 0) throw new Error(`There is no ${short}.`)
  return at
}

function firstClusterOf(bytes: Uint8Array, short: string): number {
  return Buffer.from(bytes).readUInt16LE(recordOf(bytes, short) + 26)
}

/** Of the first table of 16 bits. */
function setLink(bytes: Uint8Array, cluster: number, link: number): void {
  Buffer.from(bytes.buffer).writeUInt16LE(link, 512 + cluster * 2)
}

function swap(bytes: Uint8Array, a: number, b: number): void {
  const kept = bytes.slice(a, a + 512)
  bytes.copyWithin(a, b, b + 512)
  bytes.set(kept, b)
}

async function listed(bytes: Uint8Array): Promise<DiscImage> {
  const image = await openBytes(bytes, { name: 'a.img' })
  await image.view('fat').readTree()
  return image
}

/** What is told of a volume after some change to it. */
async function damagesAfter(change: (bytes: Uint8Array) => void, bits: Bits = 16, nodes = TREE): Promise<string[]> {
  const bytes = buildFat(bits, nodes, 2)
  change(bytes)
  return damages(await listed(bytes))
}

/** As a program deletes: entries marked, with their long names if it knows of them, and the clusters free. */
function deleteFile(bytes: Uint8Array, short: string, knowsLongNames: boolean): void {
  const at = recordOf(bytes, short)
  const table = 2 * 512 * Math.ceil((5002 * 2) / 512)
  for (let cluster = firstClusterOf(bytes, short); cluster >= 2 && cluster < 0xfff8;) {
    const next = Buffer.from(bytes).readUInt16LE(512 + cluster * 2)
    for (const copy of [512, 512 + table / 2]) Buffer.from(bytes.buffer).writeUInt16LE(0, copy + cluster * 2)
    cluster = next
  }
  bytes[at] = 0xe5
  for (let part = at - 32; knowsLongNames && bytes[part + 11] === 0x0f; part -= 32) bytes[part] = 0xe5
}

/** Two tables make the root of `damagesAfter` begin behind both. */
const SECOND = 512 * Math.ceil((5002 * 2) / 512)

describe('an entry of FAT that is passed over though it was a file', () => {
  describe.each([12, 16, 32] as const)('FAT%i', (bits) => {
    test.each([
      ['a first byte of zero, which ends the folder', 0, 0x00],
      ['a first byte that marks it as deleted', 0, 0xe5],
      ['an attribute of a long name', 11, 0x0f],
      ['an attribute of a volume’s name', 11, 0x08],
    ])('%s', async (_, field, value) => {
      for (const short of ['README  TXT', 'BIGFIL~1BIN', 'OUTER      ', 'DEEP    TXT'])
        expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, short) + field] = value), bits), short).toContain(
          'ENTRIES_MISSING',
        )
    })
  })

  test('is told where only the folder that holds it is read', async () => {
    const bytes = buildFat(16, TREE)
    bytes[recordOf(bytes, 'INSIDE  TXT')] = 0xe5
    const image = await openBytes(bytes, { name: 'a.img' })
    const codes = async (from: string): Promise<string[]> =>
      (await image.view('fat').readTree({ from })).damage.map(({ code }) => code)
    expect(await codes('Other')).toEqual([])
    expect(await codes('Outer')).toEqual(['ENTRIES_MISSING'])
  })

  test('a sector of ones', async () => {
    expect(
      await damagesAfter((bytes) => {
        const root = Math.floor(recordOf(bytes, 'README  TXT') / 512) * 512
        bytes.fill(0xff, root, root + 512)
      }),
    ).toContain('DIRECTORY_UNREADABLE')
  })

  test('a folder that is marked as a volume’s name too', async () => {
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, 'OUTER      ') + 11] = 0x18))).toEqual([
      'DIRECTORY_UNREADABLE',
    ])
  })

  test('an empty file that has a long name', async () => {
    const nodes = [...TREE, { name: 'Nothing in here', alias: 'NOTHIN~1   ' }]
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, 'NOTHIN~1') + 11] = 0x28), 16, nodes)).toEqual([
      'ENTRIES_MISSING',
    ])
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, 'NOTHIN~1')] = 0), 16, nodes)).toEqual([
      'ENTRIES_MISSING',
    ])
  })
})

describe('folders of FAT in another’s place', () => {
  test('two of which have changed places', async () => {
    expect(
      await damagesAfter((bytes) => {
        const [outer, other] = [firstClusterOf(bytes, 'OUTER  '), firstClusterOf(bytes, 'OTHER  ')]
        swap(bytes, SECOND + clusterAt(outer), SECOND + clusterAt(other))
      }),
    ).toEqual(['DIRECTORY_MISPLACED', 'DIRECTORY_MISPLACED', 'DIRECTORY_MISPLACED'])
  })

  test('a sector of the root and one of a folder’s', async () => {
    const many = Array.from({ length: 20 }, (_, index): FatNode => ({
      name: '',
      short: `F${String(index).padStart(7, '0')}   `,
      data: text('x'),
    }))
    const nodes = [...TREE, ...many]
    expect(
      await damagesAfter(
        (bytes) => swap(bytes, SECOND + ROOT + 512, SECOND + clusterAt(firstClusterOf(bytes, 'OUTER  '))),
        16,
        nodes,
      ),
    ).toContain('DIRECTORY_MISPLACED')
  })

  test('one whose second entry is not its parent’s, where others’ are', async () => {
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, '..  ') + 1] = 0x2f))).toContain('DIRECTORY_UNREADABLE')
  })

  test('what is left of a long name', async () => {
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, 'MIXEDC~1HTM') - 32 + 11] = 0x07))).toContain(
      'DIRECTORY_UNREADABLE',
    )
  })

  test('one that names another parent', async () => {
    expect(
      await damagesAfter((bytes) => {
        const inner = SECOND + clusterAt(firstClusterOf(bytes, 'INNER  '))
        Buffer.from(bytes.buffer).writeUInt16LE(firstClusterOf(bytes, 'OTHER  '), inner + 32 + 26)
      }),
    ).toEqual(['DIRECTORY_MISPLACED'])
  })
})

describe('a file of FAT whose length and clusters disagree', () => {
  test.each([0, 10_000, 29_000])('%i bytes of thirty thousand', async (byteLength) => {
    expect(
      await damagesAfter((bytes) =>
        Buffer.from(bytes.buffer).writeUInt32LE(byteLength, recordOf(bytes, 'BIGFIL~1BIN') + 28),
      ),
    ).toEqual(['FAT_CHAIN_LONG'])
  })

  test('is how some writer writes them where all do', async () => {
    const nodes = Array.from({ length: 5 }, (_, index): FatNode => ({
      name: '',
      short: `F${index}         `,
      data: new Uint8Array(1500),
    }))
    const image = await (async () => {
      const bytes = buildFat(16, nodes)
      for (const { short } of nodes) Buffer.from(bytes.buffer).writeUInt32LE(600, recordOf(bytes, short ?? '') + 28)
      return listed(bytes)
    })()
    expect(damages(image)).toEqual([])
    expect(image.diagnostics.map(({ code }) => code)).toEqual(['FAT_CHAIN_LONG'])
  })

  test('clusters that are marked as free', async () => {
    expect(
      await damagesAfter((bytes) => Buffer.from(bytes.buffer).writeUInt16LE(3000, recordOf(bytes, 'README  TXT') + 26)),
    ).toEqual(['CLUSTERS_WRONG'])
  })

  test('clusters of two files', async () => {
    expect(
      await damagesAfter((bytes) =>
        Buffer.from(bytes.buffer).writeUInt16LE(
          firstClusterOf(bytes, 'BIGFIL~1BIN') + 2,
          recordOf(bytes, 'README  TXT') + 26,
        ),
      ),
    ).toContain('CLUSTERS_WRONG')
  })
})

describe('a long name of FAT', () => {
  test.each([
    ['whose short one has a bit that differs', 0, 2],
    ['whose short one has a byte that nobody types', 3, 0x6f],
    ['whose short one has a bit of its number that differs', 7, 1],
    ['whose short one has a bit of its extension that differs', 10, 1],
    ['with a part whose sum differs', -32 + 13, 0x40],
    ['with a part whose place differs', -64, 0x08],
    ['with a part that says it is the last', -32, 0x40],
    ['with a part that is marked as a volume’s name', -32 + 11, 0x04],
  ])('%s is told', async (_, at, bits) => {
    expect(
      await damagesAfter((bytes) => {
        const place = recordOf(bytes, 'MIXEDC~1HTM') + at
        bytes[place] = (bytes[place] ?? 0) ^ bits
      }),
    ).toEqual(['LONG_NAME_LOST'])
  })

  test.each(['LETTERS TXT', 'NIXEDC~2HTM'])('that DOS left behind when it renamed to %s is none', async (name) => {
    expect(
      await damagesAfter((bytes) => bytes.set(Buffer.from(name, 'latin1'), recordOf(bytes, 'MIXEDC~1HTM'))),
    ).toEqual([])
  })
})

describe('tables of FAT of which one is lost', () => {
  test.each([12, 16, 32] as const)('FAT%i: the other is used, and it is said', async (bits) => {
    const bytes = buildFat(bits, TREE, 2)
    const sound = await listed(bytes.slice())
    const start = bits === 32 ? 32 * 512 : 512
    const length = Math.ceil(((bits === 12 ? 1002 : bits === 16 ? 5002 : 66_002) * bits) / 8 / 512) * 512
    bytes.fill(0, start, start + length)
    const image = await listed(bytes)
    expect(await pathsOf(image)).toEqual(await pathsOf(sound))
    expect(new Set(damages(image))).toEqual(new Set(['FAT_COPIES_DIFFER']))
    const found = await image.view('fat').lookup('Big File.bin')
    expect(found?.entry.status).toBe('complete')
    expect(Buffer.compare(await readAll(found?.content), big)).toBe(0)
  })

  test('FAT32 that keeps its second alone', async () => {
    const bytes = buildFat(32, TREE, 2)
    const length = Math.ceil((66_002 * 4) / 512) * 512
    bytes[40] = 0x81
    bytes.fill(0, 32 * 512, 32 * 512 + length)
    const image = await listed(bytes)
    expect(damages(image)).toEqual([])
    expect(Buffer.compare(await readAll((await image.view('fat').lookup('Big File.bin'))?.content), big)).toBe(0)
  })
})

describe('no damage is', () => {
  test.each([12, 16, 32] as const)('a whole volume of FAT%i', async (bits) => {
    expect(await damagesAfter(() => undefined, bits)).toEqual([])
  })

  test.each([true, false])('a deleted file (by a program that knows of long names: %s)', async (knowsLongNames) => {
    for (const short of ['README  TXT', 'MIXEDC~1HTM', 'BIGFIL~1BIN', 'INSIDE  TXT', 'LAST    TXT'])
      expect(await damagesAfter((bytes) => deleteFile(bytes, short, knowsLongNames)), short).toEqual([])
  })

  test('a deleted file whose clusters are another’s now', async () => {
    expect(
      await damagesAfter((bytes) => {
        const cluster = firstClusterOf(bytes, 'BIGFIL~1BIN')
        deleteFile(bytes, 'README  TXT', true)
        Buffer.from(bytes.buffer).writeUInt16LE(cluster, Buffer.from(bytes).indexOf('EADME  TXT') + 25)
      }),
    ).toEqual([])
  })

  test('the name of a volume, also in a folder', async () => {
    expect(
      await damagesAfter((bytes) => {
        for (const short of ['FIRST   TXT', 'INSIDE  TXT']) {
          deleteFile(bytes, short, true)
          const at = Buffer.from(bytes).indexOf(short.slice(1), 0, 'latin1') - 1
          bytes.fill(0, at + 12, at + 32)
          bytes.set([0x41, ...bytes.subarray(at + 1, at + 11), 0x08], at)
        }
      }),
    ).toEqual([])
  })

  test.each([
    ['lost clusters', 1],
    ['many lost clusters', 200],
  ])('%s', async (_, count) => {
    expect(
      await damagesAfter((bytes) => {
        for (let i = 0; i < count; i++) setLink(bytes, 1001 + i, i === count - 1 ? 0xffff : 1002 + i)
      }),
    ).toEqual([])
  })

  test('what lies behind the end of a folder on a volume that was formatted over old data', async () => {
    expect(
      await damagesAfter((bytes) => {
        const end = SECOND + clusterAt(firstClusterOf(bytes, 'OTHER  ')) + 4 * 32
        // A deleted one, one with free clusters, one with a listed file’s, and noise.
        const old = recordOf(bytes, 'README  TXT')
        for (const [index, cluster] of [3, 3003, firstClusterOf(bytes, 'BIGFIL~1BIN')].entries()) {
          bytes.copyWithin(end + index * 32, old, old + 32)
          Buffer.from(bytes.buffer).writeUInt16LE(cluster, end + index * 32 + 26)
        }
        bytes[end] = 0xe5
        for (let at = end + 96; at % 512 !== 0; at++) bytes[at] = (at * 37) & 0xff
      }),
    ).toEqual([])
  })

  test('copies of the table that differ where no file is', async () => {
    expect(await damagesAfter((bytes) => setLink(bytes, 3001, 3002))).toEqual([])
  })

  test.each([0xf0, 0xf9, 0xff])('the medium %i', async (media) => {
    expect(
      await damagesAfter((bytes) => {
        for (const at of [21, 512, 512 + SECOND]) bytes[at] = media
      }),
    ).toEqual([])
  })

  test('the case that Linux and Windows NT keep in a reserved byte', async () => {
    expect(await damagesAfter((bytes) => (bytes[recordOf(bytes, 'README  TXT') + 12] = 0x18))).toEqual([])
  })

  itWith(['mkfs.fat', 'mcopy'], 'what mtools writes, deletes, renames and moves', async () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'a name that is long.text')
    fs.writeFileSync(source, big)
    for (const [bits, kilobytes] of [
      ['12', 2880],
      ['16', 16_384],
      ['32', 70_000],
    ] as const) {
      const file = path.join(folder, `${bits}.img`)
      const image = ['-i', file]
      run('mkfs.fat', ['-n', 'LABEL', '-F', bits, '-C', file, String(kilobytes)])
      run('mmd', [...image, '::/one', '::/one/two', '::/three'])
      for (const target of ['::/A.TXT', '::/one/deleted one.text', '::/one/two/kept one.text', '::/renamed one.text'])
        run('mcopy', [...image, source, target])
      run('mdel', [...image, '::/one/deleted one.text', '::/A.TXT'])
      run('mren', [...image, '::/renamed one.text', '::/another name of it.text'])
      run('mmove', [...image, '::/one/two', '::/three'])
      const opened = await listed(new Uint8Array(fs.readFileSync(file)))
      expect(damages(opened), bits).toEqual([])
      expect(await pathsOf(opened)).toContain('three/two/kept one.text')
    }
  })
})
