import { describe, expect, test } from 'vitest'
import { buildIso, both32, SECTOR, text, utf16Be } from '../../images/iso-builder'
import { codes, contentOf, openBytes, paths, pathsOf, readAll } from '../../images/open-bytes'

describe('plain ISO 9660', () => {
  test('takes versions and the dot of a missing extension off names', async () => {
    const { bytes } = buildIso([
      { name: 'README.;1', data: 'hello' },
      { name: 'DIR', children: [{ name: 'A.TXT;1', data: 'a' }] },
      { name: 'NO.VERSION', data: 'n' },
    ])
    const image = await openBytes(bytes)
    expect(image.info.views.map((view) => view.id)).toEqual(['iso9660'])
    expect(await pathsOf(image)).toEqual(['DIR', 'DIR/A.TXT', 'NO.VERSION', 'README'])
    expect(await contentOf(image, 'README')).toBe('hello')
    expect(image.info.label).toBe('TEST')
    expect(image.info.dates.created).toBe(Date.UTC(2024, 4, 17, 10, 30))
  })

  test('shows the highest of several versions under the plain name', async () => {
    const { bytes } = buildIso([
      { name: 'A.TXT;1', data: 'old' },
      { name: 'A.TXT;3', data: 'newest' },
      { name: 'A.TXT;2', data: 'newer' },
    ])
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['A.TXT', 'A.TXT;1', 'A.TXT;2'])
    expect(await contentOf(image, 'A.TXT')).toBe('newest')
    expect(await contentOf(image, 'A.TXT;1')).toBe('old')
  })

  test('makes equal names unique and says what is recorded', async () => {
    const { bytes } = buildIso([
      { name: 'SAME', data: '1' },
      { name: 'SAME', data: '2' },
      { name: 'SAME', data: '3' },
    ])
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['SAME', 'SAME~2', 'SAME~3'])
    const second = await image.view('iso9660').lookup('SAME~2')
    expect(second?.entry.pathBytes).toEqual(text('SAME'))
    expect(await contentOf(image, 'SAME~3')).toBe('3')
  })

  test('joins the sections of a file that is recorded in several', async () => {
    const first = new Uint8Array(SECTOR).fill(1)
    const { bytes } = buildIso([
      { name: 'GAP;1', data: 'x' },
      { name: 'BIG;1', data: first, flags: 0x80 },
      { name: 'BETWEEN;1', data: 'y' },
    ])
    // The second section's record: the same name, other bytes.
    const image = await openBytes(
      buildIso([
        { name: 'BIG;1', data: first, flags: 0x80 },
        { name: 'BIG;1', data: 'tail' },
        { name: 'Z;1', data: 'z' },
      ]).bytes,
    )
    expect(await pathsOf(image)).toEqual(['BIG', 'Z'])
    const big = await image.view('iso9660').lookup('BIG')
    expect(big?.entry.byteLength).toBe(SECTOR + 4)
    expect(new TextDecoder().decode((await readAll(big?.content)).subarray(SECTOR))).toBe('tail')
    // A section flag without a further section changes nothing for what follows.
    expect(await pathsOf(await openBytes(bytes))).toEqual(['BETWEEN', 'BIG', 'GAP'])
  })

  test('reads an interleaved file unit by unit', async () => {
    const data = new Uint8Array(SECTOR * 5)
    for (let block = 0; block < 5; block++) data.fill(block + 1, block * SECTOR, (block + 1) * SECTOR)
    const { bytes } = buildIso([{ name: 'MIXED;1', data, fileUnit: 1, gap: 1, byteLength: SECTOR * 2 + 10 }])
    const found = await (await openBytes(bytes)).view('iso9660').lookup('MIXED')
    const content = await readAll(found?.content)
    expect(content.byteLength).toBe(SECTOR * 2 + 10)
    expect([content[0], content[SECTOR], content[SECTOR * 2]]).toEqual([1, 3, 5])
    expect(found?.entry.extents).toHaveLength(3)
  })

  test('skips an extended attribute record in front of a file', async () => {
    const { bytes } = buildIso([{ name: 'X;1', data: 'content', xarLength: 2 }])
    expect(await contentOf(await openBytes(bytes), 'X')).toBe('content')
  })

  test('marks hidden files and keeps associated ones from shadowing their data', async () => {
    const { bytes } = buildIso([
      { name: 'FORK;1', data: 'resource', flags: 4 },
      { name: 'FORK;1', data: 'data' },
      { name: 'SECRET;1', data: 's', flags: 1 },
    ])
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['FORK', 'SECRET'])
    expect(await contentOf(image, 'FORK')).toBe('data')
    expect((await image.view('iso9660').lookup('SECRET'))?.entry.hidden).toBe(true)
    const withForks = await openBytes(bytes, { listsStreams: true })
    expect(await pathsOf(withForks)).toEqual(['FORK', 'FORK:rsrc', 'SECRET'])
    expect(await contentOf(withForks, 'FORK:rsrc')).toBe('resource')
    expect(codes(withForks)).not.toContain('ASSOCIATED_FILES')
  })

  test('survives numbers whose two byte orders differ', async () => {
    const { bytes } = buildIso([
      { name: 'A;1', data: 'aa', patch: (record) => record.set([9, 9, 9, 9], 6) },
      { name: 'B;1', data: 'bb', patch: (record) => record.set([0, 0, 0, 0], 2) },
    ])
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'A')).toBe('aa')
    expect(await contentOf(image, 'B')).toBe('bb')
    await pathsOf(image)
    expect(codes(image)).toContain('BOTH_ENDIAN_MISMATCH')
  })

  test.each([512, 1024])('reads blocks of %i bytes', async (blockSize) => {
    const factor = SECTOR / blockSize
    const scale = (bytes: Uint8Array, at: number): void => {
      bytes.set(both32(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true) * factor), at)
    }
    const { bytes } = buildIso([{ name: 'F;1', data: 'small blocks', patch: (record) => scale(record, 2) }], {
      patchDescriptor: (descriptor) => {
        descriptor.set([blockSize & 255, blockSize >> 8, blockSize >> 8, blockSize & 255], 128)
        scale(descriptor, 158)
        scale(descriptor, 80)
      },
    })
    expect(await contentOf(await openBytes(bytes), 'F')).toBe('small blocks')
  })

  test('lists a directory that is longer than one read', async () => {
    const files = Array.from({ length: 60_000 }, (_, index) => ({
      name: `FILE${String(index).padStart(6, '0')}.${'X'.repeat(60)};1`,
      data: '',
    }))
    const table = await (await openBytes(buildIso(files).bytes)).view('iso9660').readTree()
    expect(table.length).toBe(60_001)
    expect(table.nameOf(60_000)).toBe(`FILE059999.${'X'.repeat(60)}`)
  })

  test('shows the beginning of a long directory before it is read to its end', async () => {
    const name = (index: number): string => `FILE${String(index).padStart(6, '0')}.${'X'.repeat(60)}`
    const files = Array.from({ length: 60_000 }, (_, index) => ({ name: `${name(index)};1`, data: '' }))
    // Two versions of one name: which of them keeps it is known at the end only.
    files.splice(300, 0, { name: `${name(5)};2`, data: '' })
    const told: string[] = []
    let names: string[] = []
    const table = await (await openBytes(buildIso(files).bytes)).view('iso9660').readTree({
      onBeginning: (begun, directory, first, end) => {
        told.push(`beginning of ${directory}`)
        expect(begun.length).toBeLessThan(60_000)
        names = Array.from({ length: end - first }, (_, i) => begun.nameOf(first + i))
      },
      onBatch: (_, first, end) => {
        told.push(`${first} to ${end}`)
      },
    })
    expect(told).toEqual(['beginning of 0', `0 to ${table.length}`])
    expect(names).toEqual(Array.from({ length: 300 }, (_, index) => name(index)))
    const settled = new Set(Array.from({ length: table.length }, (_, index) => table.nameOf(index)))
    expect(names.filter((one) => !settled.has(one))).toEqual([])
  })

  test('hands out batches with parents in front of their children', async () => {
    const { bytes } = buildIso([
      { name: 'D1', children: [{ name: 'D2', children: [{ name: 'F;1', data: 'f' }] }] },
      { name: 'E1', children: [] },
    ])
    const seen: [number, number][] = []
    const table = await (await openBytes(bytes)).view('iso9660').readTree({
      onBatch: (_, first, end) => {
        seen.push([first, end])
      },
    })
    expect(seen[0]?.[0]).toBe(0)
    expect(seen.at(-1)?.[1]).toBe(table.length)
    for (let i = 1; i < seen.length; i++) expect(seen[i]?.[0]).toBe(seen[i - 1]?.[1])
    for (let index = 1; index < table.length; index++) expect(table.parentOf(index)).toBeLessThan(index)
  })

  test('reads a part of the tree under its full paths', async () => {
    const { bytes } = buildIso([{ name: 'D', children: [{ name: 'S', children: [{ name: 'F;1', data: 'f' }] }] }])
    const table = await (await openBytes(bytes)).view('iso9660').readTree({ from: 'D/S' })
    expect(table.pathOf(0)).toBe('D/S')
    expect(paths(table)).toEqual(['D/S/F'])
  })

  test('answers lookups that run at the same time', async () => {
    const children = Array.from({ length: 20 }, (_, index) => ({
      name: `D${index}`,
      children: [{ name: 'F;1', data: `content ${index}` }],
    }))
    const image = await openBytes(buildIso(children).bytes)
    const view = image.view('iso9660')
    const reading = view.readTree()
    const all = await Promise.all(children.map((_, index) => contentOf(image, `D${index}/F`, 'iso9660')))
    expect(all).toEqual(children.map((_, index) => `content ${index}`))
    expect((await reading).length).toBe(41)
  })
})

describe('other trees of a descriptor set', () => {
  test('Joliet names in UTF-16 with surrogates, and broken ones survived', async () => {
    const data = text('x')
    const { bytes } = buildIso([{ name: 'A;1', data }], {
      joliet: [
        { name: 'Größe 😀.txt;1', data },
        { name: utf16Be('\ud800odd;1'), data },
        { name: 'dot.', data },
      ],
    })
    const image = await openBytes(bytes)
    expect(image.info.defaultViewId).toBe('joliet')
    expect(await pathsOf(image)).toEqual(['Größe 😀.txt', 'dot.', '\ufffdodd'])
    expect((await image.view('joliet').lookup('\ufffdodd'))?.entry.pathBytes).toEqual(utf16Be('\ud800odd;1'))
    expect(await pathsOf(image, 'iso9660')).toEqual(['A'])
  })

  test('the enhanced tree of ISO 9660:1999', async () => {
    const data = text('x')
    const { bytes } = buildIso([{ name: 'SHORT.TXT;1', data }], {
      enhanced: [{ name: 'a much longer name than before.text', data }],
    })
    const image = await openBytes(bytes)
    expect(image.info.views.map((view) => view.id)).toEqual(['enhanced', 'iso9660'])
    expect(await pathsOf(image, 'enhanced')).toEqual(['a much longer name than before.text'])
  })
})

describe('sessions', () => {
  const first = buildIso([{ name: 'ONE;1', data: 'one' }], { volumeId: 'FIRST' })
  const blocks = first.bytes.byteLength / SECTOR

  test('are found behind one another, the first being shown', async () => {
    const second = buildIso([{ name: 'TWO;1', data: 'two' }], { volumeId: 'SECOND', firstBlock: blocks })
    const image = await openBytes(Buffer.concat([first.bytes, second.bytes]))
    expect(image.info.views.map((view) => view.id)).toEqual(['iso9660', 'iso9660@2'])
    expect(codes(image)).toContain('MORE_SESSIONS')
    expect(await contentOf(image, 'ONE')).toBe('one')
    expect(await contentOf(image, 'TWO', 'iso9660@2')).toBe('two')
    expect(await pathsOf(image, 'iso9660@1')).toEqual(['ONE'])
  })

  test('whose block numbers count from their own start are read all the same', async () => {
    const second = buildIso([{ name: 'TWO;1', data: 'two' }])
    const image = await openBytes(Buffer.concat([first.bytes, second.bytes]))
    expect(await contentOf(image, 'TWO', 'iso9660@2')).toBe('two')
  })

  test('saved alone, with block numbers of the whole disc, are shifted to fit', async () => {
    const { bytes } = buildIso([{ name: 'LATE;1', data: 'late' }], { firstBlock: 11_702 })
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'LATE')).toBe('late')
    expect(codes(image)).toContain('BLOCKS_SHIFTED')
  })
})
