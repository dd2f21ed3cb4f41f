import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compareViews, openImage, type DiscImage, type EntryTable } from '../../../src-main/image'
import { buildFat, type FatNode } from '../../images/fat-builder'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf, readAll } from '../../images/open-bytes'
import { buildMbrDisk } from '../../images/table-builder'
import { buildUdf } from '../../images/udf-builder'

const packed = (name: string): Uint8Array =>
  zlib.zstdDecompressSync(fs.readFileSync(path.resolve(import.meta.dirname, '../../images', `${name}.zst`)))

const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255]

describe('FAT', () => {
  const big = new Uint8Array(5000).map((_, index) => index % 251)
  const nodes: FatNode[] = [
    { name: 'A long name with spaces.text', data: text('long') },
    { name: 'Ordner', children: [{ name: '日本.bin', data: big }] },
    { name: '', short: 'SHORT   TXT', data: text('short') },
    { name: '', short: '\x8eRGER   TXT', data: text('ä') },
    { name: 'hidden', data: text('h'), hidden: true },
  ]

  test.each([12, 16, 32] as const)(
    'FAT%i: where the copies of the table differ, the link that can be one counts',
    async (bits) => {
      const data = Uint8Array.from({ length: 3000 }, (_, index) => index & 255)
      const bytes = buildFat(
        bits,
        [
          { name: 'a.bin', data },
          { name: 'b.bin', data },
        ],
        2,
      )
      const whole = await openBytes(Uint8Array.from(bytes), { name: 'x.img' })
      expect((await whole.view('fat').readTree()).damage).toEqual([])
      // The first table alone, from its fourth entry on.
      const table = (bits === 32 ? 32 : 1) * 512
      bytes.fill(0, table + 6 * 4, table + 100)
      const image = await openBytes(bytes, { name: 'x.img' })
      const tree = await image.view('fat').readTree()
      expect([...image.damage, ...tree.damage].map(({ code }) => code)).toContain('FAT_COPIES_DIFFER')
      for (const path of ['a.bin', 'b.bin'])
        expect(Buffer.compare(await readAll((await image.view('fat').lookup(path))?.content), data)).toBe(0)
    },
  )

  test.each([12, 16, 32] as const)('FAT%i', async (bits) => {
    const image = await openBytes(buildFat(bits, nodes), { name: 'efi.img' })
    expect(image.info.views.map((view) => [view.id, view.format])).toEqual([['fat', `FAT${bits}`]])
    expect(await pathsOf(image)).toEqual(
      ['A long name with spaces.text', 'Ordner', 'Ordner/日本.bin', 'SHORT.TXT', 'hidden', 'ÄRGER.TXT'].sort(),
    )
    expect(Buffer.compare(await readAll((await image.view('fat').lookup('Ordner/日本.bin'))?.content), big)).toBe(0)
    const entry = (await image.view('fat').lookup('hidden'))?.entry
    expect(entry).toMatchObject({ hidden: true, modified: Date.UTC(2024, 4, 17, 10, 30) })
  })

  test('a chain of clusters that runs in a ring ends', async () => {
    const bytes = buildFat(16, [{ name: 'ring', data: new Uint8Array(2000) }])
    bytes.set([2, 0], SECTOR / 4 + 2 * 2)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(['ring'])
  })
})

describe('boot images', () => {
  const catalog = (entries: Uint8Array): Uint8Array => {
    const validation = new Uint8Array(32)
    validation.set([1, 0])
    validation.set([0x55, 0xaa], 30)
    const view = new DataView(validation.buffer)
    let sum = 0
    for (let at = 0; at < 32; at += 2) sum += view.getUint16(at, true)
    view.setUint16(28, (0x10000 - (sum & 0xffff)) & 0xffff, true)
    return concat(validation, entries)
  }
  const entry = (media: number, sectors: number, block: number): Uint8Array =>
    concat([0x88, media, 0, 0, 0, 0, sectors & 255, sectors >> 8], u32(block), new Uint8Array(20))
  const section = (platform: number, isLast: boolean): Uint8Array =>
    concat([isLast ? 0x91 : 0x90, platform, 1, 0], new Uint8Array(28))

  const fat = buildFat(12, [{ name: 'BOOTX64.EFI', data: text('program') }])
  const build = (blocks: number[]) =>
    buildIso(
      [
        { name: 'LOADER.BIN;1', data: new Uint8Array(5000).fill(7) },
        { name: 'EFI.IMG;1', data: fat },
        {
          name: 'CATALOG;1',
          data: catalog(
            concat(
              entry(0, 4, blocks[0] ?? 1),
              section(0xef, false),
              entry(0, 0, blocks[1] ?? 1),
              section(0x80, true),
              entry(2, 1, blocks[2] ?? 1),
            ),
          ),
        },
      ],
      {
        enhanced: [],
        extraBlocks: 800,
        patchDescriptor: (descriptor, index) => {
          if (index !== 1) return
          descriptor.fill(0)
          descriptor.set(concat([0], text('CD001'), [1], text('EL TORITO SPECIFICATION')))
          descriptor.set(u32(blocks[3] ?? 0), 71)
        },
      },
    )
  const plan = build([])
  const blocks = [plan.blockOf('LOADER.BIN;1'), plan.blockOf('EFI.IMG;1'), plan.extraBlock, plan.blockOf('CATALOG;1')]

  test('every entry of the catalog with its platform and true length', async () => {
    const image = await openBytes(build(blocks).bytes)
    expect(image.info.boot).toMatchObject([
      {
        platform: 'bios',
        emulation: 'no-emulation',
        byteLength: 5000,
        path: 'LOADER.BIN',
        byteOffset: (blocks[0] ?? 0) * SECTOR,
      },
      { platform: 'efi', emulation: 'no-emulation', byteLength: fat.byteLength, path: 'EFI.IMG' },
      { platform: '0x80', emulation: 'floppy-1.44', byteLength: 1_474_560, path: null },
    ])
    expect(await pathsOf(image, 'boot')).toEqual([
      '1-bios-no-emulation.img',
      '2-efi-no-emulation.img',
      '3-0x80-floppy-1.44.img',
      'boot-catalog.bin',
    ])
  })

  test('an image that is no file reaches up to what comes next', async () => {
    const hidden = build([plan.extraBlock, ...blocks.slice(1)])
    const image = await openBytes(hidden.bytes)
    expect(image.info.boot[0]).toMatchObject({
      path: null,
      byteLength: hidden.bytes.byteLength - plan.extraBlock * SECTOR,
    })
  })

  test('a boot image is an image to be entered, whose places are those of the outer file', async () => {
    const outer = await openBytes(build(blocks).bytes)
    const found = await outer.view('boot').lookup('2-efi-no-emulation.img')
    if (found?.content === null || found === null) throw new Error('no boot image')
    const inner = await openImage(found.content, { name: 'efi.img' })
    expect(await contentOf(inner, 'BOOTX64.EFI')).toBe('program')
    const extent = (await inner.view('fat').lookup('BOOTX64.EFI'))?.entry.extents?.[0]
    const at = extent?.byteOffset ?? 0
    expect(new TextDecoder().decode(build(blocks).bytes.subarray(at, at + 7))).toBe('program')
  })
})

describe('partitions', () => {
  test('MBR, GPT and Apple maps of hybrids', async () => {
    const image = await openBytes(packed('bootable.iso'))
    const all = await pathsOf(image, 'partitions')
    expect(all.some((name) => name.startsWith('mbr-'))).toBe(true)
    expect(all.some((name) => name.startsWith('gpt-'))).toBe(true)
    const hybrid = await openBytes(packed('hfsplus.iso'))
    expect((await pathsOf(hybrid, 'partitions')).some((name) => name.startsWith('apm-'))).toBe(true)
  })
})

describe('Macintosh volumes', () => {
  test('HFS beside ISO 9660', async () => {
    const image = await openBytes(packed('hfs.iso'))
    expect(await contentOf(image, 'README.TXT', 'hfs')).toBe('read me\n')
    expect(await pathsOf(image, 'hfs')).toContain('DIR1/SUB/FIVE.DAT')
    expect(image.info.views.find((view) => view.id === 'hfs')?.volumeName).toBe('HFSHYBRID')
  })

  test('HFS+ beside ISO 9660', async () => {
    const image = await openBytes(packed('hfsplus.iso'))
    expect(await contentOf(image, 'DIR1/A.BIN', 'hfsplus')).toBe('a')
    expect(image.info.views.find((view) => view.id === 'hfsplus')?.volumeName).toBe('HFSPLUS')
  })
})

describe('which view comes first', () => {
  test('Rock Ridge before Joliet and before an equal UDF side', async () => {
    const image = await openBytes(packed('bridge.iso'))
    expect(image.info.views.map((view) => view.id)).toEqual(['rock-ridge', 'joliet', 'iso9660', 'udf'])
    expect(image.info.defaultViewId).toBe('rock-ridge')
  })

  test('UDF where the ISO side is a lone README.TXT', async () => {
    const udf = buildUdf([
      { name: 'setup.exe', data: text('setup') },
      { name: 'sources', children: [] },
    ]).bytes
    const iso = buildIso([{ name: 'README.TXT;1', data: 'This disc contains a UDF file system.' }], {
      firstBlock: 0,
    }).bytes
    const bridge = udf.slice()
    // The ISO side's descriptors go in front of UDF's recognition sequence, its files into unused sectors.
    bridge.copyWithin(32768 + 2 * SECTOR, 32768, 32768 + 3 * SECTOR)
    bridge.set(iso.subarray(16 * SECTOR, 18 * SECTOR), 16 * SECTOR)
    bridge.set(iso.subarray(18 * SECTOR), 200 * SECTOR)
    const shift = (at: number): void => bridge.set(u32(new DataView(bridge.buffer).getUint32(at, true) + 182), at)
    shift(16 * SECTOR + 158)
    for (let at = 202 * SECTOR - SECTOR * 2; at < 206 * SECTOR; at += SECTOR) {
      if (bridge[at] !== 34) continue
      for (let record = at; (bridge[record] ?? 0) >= 34; record += bridge[record] ?? 0) shift(record + 2)
    }
    const image = await openBytes(bridge)
    expect(image.info.defaultViewId).toBe('udf')
    const views = await Promise.all(['udf', 'iso9660'].map((id) => image.view(id).readTree()))
    const [first, second] = views
    if (first === undefined || second === undefined) throw new Error('two trees were asked for')
    expect(compareViews(first, second, 'UDF', 'ISO 9660')).toMatchObject([{ code: 'VIEWS_DIFFER', severity: 'note' }])
  })

  test('VIEWS_DIFFER names what one view hides', async () => {
    const shared = text('shared')
    const { bytes } = buildIso(
      [
        { name: 'SHARED;1', data: shared },
        { name: 'OTHER;1', data: 'other' },
        { name: 'THIRD;1', data: 'third' },
        { name: 'HIDDEN.EXE;1', data: 'hidden' },
      ],
      {
        joliet: [
          { name: 'shared', data: shared },
          { name: 'other', data: 'other' },
          { name: 'third', data: 'third' },
        ],
      },
    )
    const image = await openBytes(bytes)
    const first = await image.view('joliet').readTree()
    const second = await image.view('iso9660').readTree()
    const [difference] = compareViews(first, second, 'Joliet', 'ISO 9660')
    expect(difference).toMatchObject({ code: 'VIEWS_DIFFER', severity: 'warning' })
    expect(difference?.message).toContain('HIDDEN.EXE')
    expect(compareViews(first, first, 'Joliet', 'Joliet')).toEqual([])
  })

  test('the same names in another normal form are no difference', async () => {
    // What stands in front puts the two files at different places: only their names can tell.
    const treeOf = async (nodes: FatNode[]): Promise<EntryTable> =>
      (await openBytes(buildFat(16, nodes), { name: 'a.img' })).view('fat').readTree()
    const composed = await treeOf([{ name: 'gr\u00fc\u00dfe.txt', data: text('hello') }])
    const folder: FatNode = { name: 'folder', children: [] }
    const apart = await treeOf([folder, { name: 'gru\u0308\u00dfe.txt', data: text('hello') }])
    expect(compareViews(composed, apart, 'Rock Ridge', 'HFS+')).toEqual([])
  })
})

describe('length', () => {
  const { bytes, blockOf } = buildIso([
    { name: 'A;1', data: new Uint8Array(SECTOR * 2) },
    { name: 'B;1', data: new Uint8Array(SECTOR * 2) },
    { name: 'C;1', data: new Uint8Array(SECTOR * 2) },
  ])

  test('a truncated image lists everything and says what is whole', async () => {
    const cut = bytes.slice(0, (blockOf('B;1') + 1) * SECTOR)
    const image = await openBytes(cut)
    const table = await image.view('iso9660').readTree()
    expect([1, 2, 3].map((index) => table.statusOf(index))).toEqual(['complete', 'partial', 'lost'])
    expect(image.info.completeness).toEqual({
      status: 'truncated',
      expectedByteLength: bytes.byteLength,
      missingByteLength: bytes.byteLength - cut.byteLength,
    })
    expect(codes(image)).toContain('IMAGE_TRUNCATED')
  })

  test('what no file system takes of a partition is no tail, what lies behind all partitions is', async () => {
    const volume = Buffer.concat([bytes, Buffer.alloc(3 << 20)])
    const disk = (tail: number): Promise<DiscImage> =>
      openBytes(buildMbrDisk([{ start: 64, bytes: volume, type: 0x0c }], tail))
    expect(codes(await disk(0))).not.toContain('TAIL_AFTER_VOLUME')
    const long = await disk(8192)
    expect(long.diagnostics.filter(({ code }) => code === 'TAIL_AFTER_VOLUME')).toMatchObject([
      { message: `${8192 * 512} bytes follow the volume.`, byteOffset: 64 * 512 + volume.byteLength },
    ])
  })

  test('a long tail is worth a note', async () => {
    const image = await openBytes(new Uint8Array(Buffer.concat([bytes, new Uint8Array(2 * 1024 * 1024)])))
    expect(image.info.completeness.status).toBe('complete')
    expect(codes(image)).toContain('TAIL_AFTER_VOLUME')
  })
})
