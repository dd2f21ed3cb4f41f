import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildHfs, buildHfsPlus, type HfsNode, type HfsVolume } from '../../images/hfs-builder'
import { codes, contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'
import { isInstalled, itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const encoder = new TextEncoder()

/** 41 files in 8 folders and beside them. */
const TREE: HfsNode[] = [
  ...Array.from('abcdefgh', (name) => ({
    name,
    children: Array.from({ length: 5 }, (_, index) => file(`file${index + 1}`, `${name}${index}`)),
  })),
  file('readme', 'read me'),
]

function file(name: string, content: string, more: Partial<HfsNode> = {}): HfsNode {
  return { name, data: encoder.encode(content), ...more }
}

const volumes: [string, string, HfsVolume][] = [
  ['HFS+', 'hfsplus', buildHfsPlus(TREE)],
  ['HFSX', 'hfsplus', buildHfsPlus(TREE, { isBinary: true })],
  ['HFS', 'hfs', buildHfs(TREE)],
]
const leaves = volumes.flatMap(([name, view, volume]) =>
  Array.from({ length: volume.leafCount }, (_, index) => [name, view, volume, index + 1] as const),
)

interface Outcome {
  paths: string[]
  /** What fails an extraction of the whole tree. */
  costs: string[]
  /** What fails a check. */
  damages: string[]
}

async function outcomeOf(bytes: Uint8Array, view: string): Promise<Outcome> {
  const image = await openBytes(bytes, { name: 'a.img' })
  const table = await image.view(view).readTree()
  const paths = await pathsOf(image, view)
  const costs = [...image.damage, ...table.damage].map(({ code }) => code)
  return { paths, costs, damages: damages(image) }
}

/** What is told of the volume when it is changed so, and that both ways of asking tell of damage. */
async function damaged({ bytes }: HfsVolume, view: string, change: (copy: Buffer) => void): Promise<Outcome> {
  const copy = Buffer.from(bytes)
  change(copy)
  const outcome = await outcomeOf(copy, view)
  expect(outcome.costs).not.toEqual([])
  expect(outcome.damages).not.toEqual([])
  return outcome
}

describe.each(volumes)('%s', (_, view, volume) => {
  const { bytes, nodeAt, nodeSize, leafCount } = volume
  const leaf = Math.ceil(leafCount / 2)

  it('that is whole is listed, and nothing is told', async () => {
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image, view)).toHaveLength(49)
    expect(codes(image)).toEqual([])
  })

  it('with a leaf in the place of another one, or two that are swapped, shows what is there and tells', async () => {
    const doubled = await damaged(volume, view, (copy) =>
      copy.copyWithin(nodeAt(leaf), nodeAt(leaf + 1), nodeAt(leaf + 2)),
    )
    expect(doubled.costs).toContain('HFS_TREE_BROKEN')
    expect(new Set(doubled.paths).size).toBe(doubled.paths.length)
    const swapped = await damaged(volume, view, (copy) => {
      copy.set(bytes.subarray(nodeAt(leaf), nodeAt(leaf + 1)), nodeAt(leaf + 1))
      copy.set(bytes.subarray(nodeAt(leaf + 1), nodeAt(leaf + 2)), nodeAt(leaf))
    })
    expect(swapped.paths).toHaveLength(49)
  })

  it.each([
    ['in front', 4],
    ['behind', 0],
  ])('whose leaf names another one %s tells', async (__, at) => {
    await damaged(volume, view, (copy) => copy.writeUInt32BE(0, nodeAt(leaf) + at))
    await damaged(volume, view, (copy) => copy.writeUInt32BE(leafCount + 40, nodeAt(leaf) + at))
  })

  it.each([
    ['kind', 8, 0],
    ['height', 9, 2],
    ['number of records', 11, 1],
  ])('whose leaf is of another %s tells', async (__, at, value) => {
    await damaged(volume, view, (copy) => (copy[nodeAt(leaf) + at] = value))
  })

  it('with an offset of a record that is another one tells', async () => {
    await damaged(volume, view, (copy) => (copy[nodeAt(leaf + 1) - 3]! ^= 2))
  })

  it('whose tree says that it has more or fewer records tells', async () => {
    for (const difference of [-1, 1]) {
      const { costs } = await damaged(volume, view, (copy) =>
        copy.writeUInt32BE(copy.readUInt32BE(nodeAt(0) + 20) + difference, nodeAt(0) + 20),
      )
      expect(costs).toEqual(['HFS_COUNTS_DIFFER'])
    }
  })

  it('whose tree begins or ends with another leaf tells', async () => {
    const first = await damaged(volume, view, (copy) => copy.writeUInt32BE(leaf, nodeAt(0) + 24))
    expect(first.paths).toHaveLength(49)
    await damaged(volume, view, (copy) => copy.writeUInt32BE(0, nodeAt(0) + 24))
    await damaged(volume, view, (copy) => copy.writeUInt32BE(leaf, nodeAt(0) + 28))
  })

  it('with a letter of a name that contradicts the order tells', async () => {
    const name = view === 'hfs' ? Buffer.from('file2') : Buffer.from('file2', 'utf16le').swap16()
    const { costs, paths } = await damaged(volume, view, (copy) => {
      const at = copy.indexOf(name)
      copy[at + name.byteLength - (view === 'hfs' ? 2 : 3)] = 'a'.charCodeAt(0)
    })
    expect(costs).toContain('RECORDS_NOT_IN_ORDER')
    expect(paths).toContain('a/fila2')
  })

  it('with a folder that counts otherwise than it holds tells', async () => {
    const { costs } = await damaged(volume, view, (copy) => (copy[folderAt(copy, 'c', view) + 5]! ^= 4))
    expect(costs).toEqual(['HFS_COUNTS_DIFFER'])
  })

  it('with a folder of another number has files that are not shown, and tells', async () => {
    const { costs, paths } = await damaged(volume, view, (copy) => {
      copy[folderAt(copy, 'c', view) + (view === 'hfs' ? 7 : 9)] = 0x77
    })
    expect(costs).toEqual(expect.arrayContaining(['DIRECTORY_LOST', 'HFS_COUNTS_DIFFER']))
    expect(paths).not.toContain('c/file1')
  })

  it('whose header alone counts otherwise lacks nothing: a note', async () => {
    const copy = Buffer.from(bytes)
    copy[1024 + (view === 'hfs' ? 87 : 35)]! ^= 1
    const image = await openBytes(copy, { name: 'a.img' })
    expect(await pathsOf(image, view)).toHaveLength(49)
    expect(codes(image)).toEqual(['HFS_COUNTS_DIFFER'])
    expect(damages(image)).toEqual([])
  })

  it('that is cut through anywhere by a sector of zeros tells, or shows everything', async () => {
    for (let at = nodeAt(0); at < nodeAt(leafCount + 1); at += 512) {
      const copy = Buffer.from(bytes).fill(0, at, at + 512)
      // All that is left of the header node are its descriptor and its record, and the map of what is free.
      const isUnused = nodeSize > 512 && (at - nodeAt(0)) % nodeSize >= 512 && at < nodeAt(1)
      const isBlank = bytes.subarray(at, at + 512).every((byte) => byte === 0)
      const { costs } = await outcomeOf(copy, view)
      if (!isUnused && !isBlank) expect(costs, `sector at ${at}`).not.toEqual([])
    }
  })
})

/** Where the record of a folder of that name begins in the bytes of its node. */
function folderAt(bytes: Buffer, name: string, view: string): number {
  const key = view === 'hfs' ? Buffer.alloc(8) : Buffer.alloc(12)
  key[view === 'hfs' ? 0 : 1] = view === 'hfs' ? 7 : 8
  key.writeUInt32BE(2, 2)
  key[view === 'hfs' ? 6 : 7] = 1
  key.write(name, view === 'hfs' ? 7 : 9)
  const plusKey = key.subarray(0, 10)
  const at = bytes.indexOf(view === 'hfs' ? key : plusKey)
  expect(at).toBeGreaterThan(0)
  return at + (view === 'hfs' ? 8 : 10)
}

it.each(leaves)('%s with zeros instead of half of a leaf tells (%s, leaf %#)', async (_, view, volume, index) => {
  const { nodeAt, nodeSize } = volume
  const middle = nodeAt(index) + nodeSize / 2
  await damaged(volume, view, (copy) => copy.fill(0, middle, nodeAt(index + 1)))
  await damaged(volume, view, (copy) => copy.fill(0, nodeAt(index), middle))
})

describe('a file', () => {
  // Of a record: where the count of blocks, the first extent and the length of its data fork lie.
  it.each([
    ['HFS+', 'hfsplus', buildHfsPlus(TREE), { blocks: 100, start: 104, count: 108, length: 92, id: 8 }],
    ['HFS', 'hfs', buildHfs(TREE), { blocks: 30, start: 72, count: 74, length: 26, id: 20 }],
  ])('of %s whose length, blocks and extents do not fit tells', async (_, view, volume, places) => {
    const wide = Buffer.from('readme', 'utf16le').swap16()
    const bytes = Buffer.from(volume.bytes)
    const at = view === 'hfs' ? bytes.indexOf('readme') + 7 : bytes.indexOf(wide) + 12
    for (const place of [places.blocks, places.start, places.count, places.length]) {
      const { costs } = await damaged(volume, view, (copy) => copy.writeUInt32BE(0x00ff_ff00, at + place))
      expect(costs).toContain('CLUSTERS_WRONG')
    }
  })

  it.each([0o040755, 0o010644, 0o140644, 0o060644])(
    'that has content and is of another kind (%#) tells',
    async (mode) => {
      const { bytes } = buildHfsPlus([file('odd', 'content', { mode })])
      const image = await openBytes(bytes, { name: 'a.img' })
      expect(await contentOf(image, 'odd', 'hfsplus')).toBe('content')
      expect(codes(image)).toEqual(['RECORD_DAMAGED'])
    },
  )

  it('that is a pipe has none, and is no fault', async () => {
    const { bytes } = buildHfsPlus([file('pipe', '', { mode: 0o010644 })])
    expect((await outcomeOf(bytes, 'hfsplus')).damages).toEqual([])
  })
})

describe('the threads of HFS+', () => {
  const volume = buildHfsPlus(TREE)
  const wide = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

  it('contradict a name whose order fits', async () => {
    const { costs, paths } = await damaged(volume, 'hfsplus', (copy) => {
      // Of the first file of a folder: what is lower fits everywhere.
      const at = copy.indexOf(wide('file1'))
      copy[at + 1] = 'd'.charCodeAt(0)
    })
    expect(costs).toEqual(['NAMES_DISAGREE'])
    expect(paths).toContain('a/dile1')
  })

  it('name what is lost', async () => {
    const image = Buffer.from(volume.bytes)
    // The id of a file: nothing has that of its thread.
    const at = image.indexOf(wide('readme')) + 12
    image[at + 9] = 0x77
    const opened = await openBytes(image, { name: 'a.img' })
    await pathsOf(opened, 'hfsplus')
    expect(opened.diagnostics.map(({ message }) => message)).toContain('“readme” is lost: its record is missing.')
  })
})

describe('names of all kinds', () => {
  const names = ['_low', 'Zeta', 'alpha', 'Beta', 'a b', 'a-b', '[x]', '~t', '9', 'ALPHA2', 'alpha1', '`q', '^']

  it.each([
    ['HFS+', 'hfsplus', buildHfsPlus(names.map((name) => file(name, name)))],
    [
      'HFSX',
      'hfsplus',
      buildHfsPlus(
        [...names, 'ALPHA', 'zeta'].map((name) => file(name, name)),
        { isBinary: true },
      ),
    ],
    ['HFS', 'hfs', buildHfs(names.map((name) => file(name, name)))],
  ])('are in the order of %s', async (_, view, volume) => {
    const { damages: told } = await outcomeOf(volume.bytes, view)
    expect(told).toEqual([])
  })

  it('that take the tables of Unicode are not judged', async () => {
    const odd = ['ärger', 'Ärmel', 'ﬁn', 'e\u0301', 'é', '\u200dzero', '日本', 'straße', '\0nul', 'z']
    const { damages: told } = await outcomeOf(buildHfsPlus(odd.map((name) => file(name, name))).bytes, 'hfsplus')
    expect(told).toEqual([])
  })
})

describe('a hard link of HFS+', () => {
  const link = { finderType: 'hlnkhfs+', special: 99 }
  const folder = { name: '\0\0\0\0HFS+ Private Data', children: [file('iNode99', 'shared')] }

  it('is no fault, nor is the folder where its file lies', async () => {
    const { bytes } = buildHfsPlus([folder, file('one', '', link), file('two', '', link)])
    expect(await outcomeOf(bytes, 'hfsplus')).toEqual({ paths: ['one', 'two'], costs: [], damages: [] })
  })

  it('whose file is lost tells', async () => {
    const { bytes } = buildHfsPlus([{ ...folder, children: [] }, file('one', '', link)])
    expect((await outcomeOf(bytes, 'hfsplus')).costs).toEqual(['LINK_LOST'])
  })
})

describe('a whole volume', () => {
  it.each([
    ['genisoimage', 'hfs', 'hfs'],
    ['libisofs', 'hfsplus', 'hfsplus'],
  ])('of %s gives no diagnostics', async (_, name, view) => {
    const bytes = zlib.zstdDecompressSync(fs.readFileSync(`tests/images/${name}.iso.zst`))
    expect(await outcomeOf(bytes, view)).toMatchObject({ costs: [], damages: [] })
  })

  it.skipIf(!isInstalled('xorriso'))('of xorriso gives none, whatever the names', async () => {
    const bytes = made((folder, out) =>
      run('xorriso', ['-as', 'mkisofs', '-quiet', '-hfsplus', '-r', '-o', out, folder]),
    )
    const outcome = await outcomeOf(bytes, 'hfsplus')
    expect(outcome).toMatchObject({ costs: [], damages: [] })
    expect(outcome.paths.length).toBeGreaterThan(400)
  })

  itWith('genisoimage', 'of genisoimage gives none, whatever the names', async () => {
    const bytes = made((folder, out) => run('genisoimage', ['-quiet', '-hfs', '-r', '-o', out, folder]))
    const outcome = await outcomeOf(bytes, 'hfs')
    expect(outcome).toMatchObject({ costs: [], damages: [] })
    expect(outcome.paths.length).toBeGreaterThan(400)
  })

  itWith('hformat', 'of hfsutils gives none, also where much was deleted and renamed', async () => {
    const folder = temporaryFolder()
    const volume = path.join(folder, 'hfs.img')
    const source = path.join(folder, 'source')
    fs.writeFileSync(volume, Buffer.alloc(1 << 21))
    fs.writeFileSync(source, 'content\n')
    const tool = (...words: string[]): string => run('env', [`HOME=${folder}`, ...words])
    tool('hformat', '-l', 'Volume', volume)
    for (const name of ['one', 'Two', 'three']) {
      tool('hmkdir', name)
      for (let index = 0; index < 12; index++) tool('hcopy', '-r', source, `:${name}:File ${index}`)
    }
    for (let index = 0; index < 12; index++) tool('hdel', `:Two:File ${index}`)
    tool('hrmdir', 'Two')
    tool('hrename', ':one:File 3', ':one:a_renamed')
    tool('humount')
    const outcome = await outcomeOf(fs.readFileSync(volume), 'hfs')
    expect(outcome).toMatchObject({ costs: [], damages: [] })
    expect(outcome.paths).toHaveLength(26)
  })
})

describe('a file of HFS in many pieces', () => {
  itWith('hformat', 'is whole, and tells where the extents file lacks a record', async () => {
    const folder = temporaryFolder()
    const volume = path.join(folder, 'hfs.img')
    const [small, large] = [path.join(folder, 'small'), path.join(folder, 'large')]
    fs.writeFileSync(volume, Buffer.alloc(900 << 10))
    fs.writeFileSync(small, 'small '.repeat(3000))
    fs.writeFileSync(large, 'large '.repeat(50_000))
    const tool = (...words: string[]): string => run('env', [`HOME=${folder}`, ...words])
    tool('hformat', '-l', 'Volume', volume)
    for (let index = 0; index < 45; index++) tool('hcopy', '-r', small, `:f${index}`)
    for (let index = 0; index < 45; index += 2) tool('hdel', `:f${index}`)
    tool('hcopy', '-r', large, ':large')
    tool('humount')
    const bytes = fs.readFileSync(volume)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await contentOf(image, 'large', 'hfs')).toBe(fs.readFileSync(large, 'utf8'))
    expect(codes(image)).toEqual([])
    // Allocation block size, where the blocks begin, the first extent of the extents file; its first leaf.
    const start = bytes.readUInt16BE(1024 + 28) * 512 + bytes.readUInt16BE(1024 + 134) * bytes.readUInt32BE(1024 + 20)
    const leaf = start + bytes.readUInt32BE(start + 24) * 512
    bytes[leaf + 11]! -= 1
    expect((await outcomeOf(bytes, 'hfs')).costs).toEqual(
      expect.arrayContaining(['HFS_COUNTS_DIFFER', 'CLUSTERS_WRONG']),
    )
  })
})

/** An image of a folder with names of many kinds, by a program that is given the folder and the image's path. */
function made(make: (folder: string, out: string) => void): Buffer {
  const folder = temporaryFolder()
  const tree = path.join(folder, 'tree')
  const odd = [
    '_x',
    'Ab',
    'aC',
    'é',
    'Äpfel',
    'ß',
    '日本語',
    'a.b',
    'a b',
    'z~1',
    '[k]',
    '`g',
    'A-',
    'ﬁ',
    'x'.repeat(60),
  ]
  for (let index = 0; index < 25; index++) {
    const own = path.join(tree, `${index % 2 === 0 ? 'Dir' : 'dir'} ${index}`, 'inner')
    fs.mkdirSync(own, { recursive: true })
    for (const name of odd) fs.writeFileSync(path.join(own, name), name)
  }
  fs.linkSync(path.join(tree, 'Dir 0', 'inner', 'Ab'), path.join(tree, 'linked'))
  fs.symlinkSync('linked', path.join(tree, 'symbolic'))
  const out = path.join(folder, 'out.iso')
  make(tree, out)
  return fs.readFileSync(out)
}
