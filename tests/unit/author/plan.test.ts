import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertFits, changeTree, collect, PRESETS, writePlan } from '../../../src-main/author'
import { MEDIA } from '../../../src-shared/model'
import { makeNode, type AuthorContent } from '../../../src-main/author/author-tree'
import { bytesContent } from '../../../src-main/author/layout'
import { temporaryFolder } from '../support'
import { contentsOf, fileOf, openPlan, plan, tree } from './support'

const VIEWS = ['rock-ridge', 'joliet', 'iso9660', 'udf'] as const
const CONTROL = { checkpoint: () => undefined, progress: () => undefined }

/** A content that is only described: each byte says where it is. */
function vast(byteLength: number): AuthorContent {
  const read = (at: number, length: number): Uint8Array =>
    Uint8Array.from(
      { length: Math.max(0, Math.min(length, byteLength - at)) },
      (_, i) => Math.floor((at + i) / 4096) % 251,
    )
  return {
    byteLength,
    origin: 'vast',
    open: () => ({ byteLength, read, locate: () => null, close: () => undefined }),
  }
}

describe('a file of 5 GiB', () => {
  it('is whole in every tree, in sections and extents', async () => {
    const content = vast(5 * 2 ** 30 + 4321)
    const image = await openPlan(await plan(tree({ 'vast.bin': fileOf(content), after: 'behind it' })))
    for (const view of VIEWS) {
      const table = await image.view(view).readTree()
      const index = Array.from({ length: table.length }, (_, i) => i).find((i) => /vast/i.test(table.pathOf(i))) ?? 0
      expect(table.byteLengthOf(index)).toBe(content.byteLength)
      const read = table.content(index)
      for (const at of [0, 2 ** 30 - 2048 - 10, 2 ** 32 - 2048 - 10, 2 ** 32, content.byteLength - 100])
        expect(await read?.read(at, 100)).toEqual(content.open().read(at, 100))
      await read?.close()
      expect(Object.values(await namesAndTexts(image, view, /after/i))).toEqual(['behind it'])
    }
  })

  it('is refused where a tree has only one section for it, with what to do', async () => {
    const root = tree({ 'vast.bin': fileOf(vast(2 ** 32)) })
    await expect(plan(root, { isoLevel: 2 })).rejects.toThrow('Use level 3')
  })
})

async function namesAndTexts(
  image: Awaited<ReturnType<typeof openPlan>>,
  view: (typeof VIEWS)[number],
  name: RegExp,
): Promise<Record<string, string>> {
  const table = await image.view(view).readTree()
  const found: Record<string, string> = {}
  for (let index = 1; index < table.length; index++) {
    if (!name.test(table.pathOf(index))) continue
    const content = table.content(index)
    found[table.pathOf(index)] = Buffer.from((await content?.read(0, 100)) ?? []).toString('utf8')
    await content?.close()
  }
  return found
}

describe('trees', () => {
  it('hold empty files, empty folders and folders of many sectors', async () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`file number ${i}.txt`, `${i}`]))
    const image = await openPlan(await plan(tree({ empty: '', folder: {}, many })))
    for (const view of VIEWS) {
      const contents = await contentsOf(image, view)
      expect(Object.keys(contents)).toHaveLength(403)
      expect(Object.entries(contents).find(([name]) => /^empty/i.test(name))?.[1]).toBe('')
      expect(Object.entries(contents).find(([name]) => name.includes('399'))?.[1]).toBe('399')
    }
  })

  const deep = (): ReturnType<typeof tree> => {
    let sketch: Parameters<typeof tree>[0] = { leaf: 'leaf' }
    for (let level = 12; level >= 1; level--) sketch = { [`level${level}`]: sketch, [`beside${level}`]: `${level}` }
    return tree(sketch)
  }
  it.each(['relocate', 'keep'] as const)('deeper than eight levels are whole with --deep %s', async (how) => {
    const image = await openPlan(await plan(deep(), { deep: how }))
    const contents = await contentsOf(image, 'rock-ridge')
    const path = Array.from({ length: 12 }, (_, i) => `level${i + 1}`).join('/')
    expect(contents[`${path}/leaf`]).toBe('leaf')
    expect(Object.keys(contents)).toHaveLength(25)
    expect(Object.keys(await contentsOf(image, 'udf'))).toHaveLength(25)
  })

  it('of ISO 9660 have no more than 65 535 folders; UDF alone has', async () => {
    const children = Array.from({ length: 65_535 }, (_, i) => makeNode({ name: `d${i}`, kind: 'directory' }))
    const root = makeNode({ name: '', kind: 'directory', children })
    await expect(plan(root)).rejects.toThrow('There are 65536 folders')
    expect((await plan(root, { isoLevel: null, rockRidge: false, joliet: false })).directories).toBe(65_535)
  })

  it('need at least one kind, and sets of options that fit', async () => {
    await expect(plan(tree({}), { isoLevel: null, udf: null })).rejects.toThrow('An image needs a tree')
  })
})

it.each([
  [PRESETS.data, { md5: true }],
  [PRESETS.compatible, { md5: true }],
  [PRESETS.linux, { md5: true, isoLevel: 4 }],
  [PRESETS.windows, { isoLevel: 4 }],
] as const)(
  'trees take as much room as was measured, whatever is recorded beside them (%#)',
  async (preset, options) => {
    const names = Array.from({ length: 40 }, (_, i) => `file ${i}`)
    const planned = await plan(tree(Object.fromEntries(names.map((each) => [each, each]))), { ...preset, ...options })
    const image = await openPlan(planned)
    for (const view of planned.views) expect(Object.keys(await contentsOf(image, view))).toHaveLength(40)
  },
)

it('names of ISO 9660:1999 are in any letters and without separators, and read back as planned', async () => {
  const capitals = Array.from({ length: 40 }, (_, i) => `NAME;X${i}.TXT`)
  const names = [...capitals, 'readme', 'no dot']
  const planned = await plan(tree(Object.fromEntries(names.map((each) => [each, each]))), { isoLevel: 4 })
  await writePlan(planned, path.join(temporaryFolder(), 'made.iso'), CONTROL)
  expect(Object.keys(await contentsOf(await openPlan(planned), 'enhanced')).toSorted()).toEqual(names.toSorted())
})

describe('links in a UDF tree', () => {
  const link = (target: string): ReturnType<typeof makeNode> => makeNode({ name: '', kind: 'symlink', target })

  it('may be longer than a file entry has room for', async () => {
    const targets = [`${'deep/'.repeat(700)}end`, `${'ä'.repeat(100)}/${'日'.repeat(120)}`, 'short']
    const image = await openPlan(await plan(tree(Object.fromEntries(targets.map((each, i) => [`l${i}`, link(each)])))))
    const table = await image.view('udf').readTree()
    expect(table.damage).toEqual([])
    expect(targets.map((_, i) => table.targetOf(i + 1))).toEqual(targets)
  })

  it('are left out and named where one of their names is too long', async () => {
    const planned = await plan(tree({ fine: link('fine'), long: link('日'.repeat(128)) }))
    expect(planned.unrecorded.filter((each) => each.tree === 'udf')).toMatchObject([{ path: 'long' }])
    expect(Object.keys(await contentsOf(await openPlan(planned), 'udf'))).toEqual(['fine'])
    expect(Object.keys(await contentsOf(await openPlan(planned), 'rock-ridge'))).toEqual(['fine', 'long'])
  })
})

describe.skipIf(process.platform !== 'linux')('names that are no text', () => {
  const latin1 = (folder: string, name: string): Buffer =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])

  it.each([{}, { dedupe: true }, { isoLevel: 4 }] as const)(
    'are written, and read back as they are: %o',
    async (options) => {
      const folder = temporaryFolder()
      const source = path.join(folder, 'in')
      fs.mkdirSync(source)
      // The first two look alike where they are read as UTF-8.
      for (const name of ['é', 'è', 'plain é']) fs.writeFileSync(latin1(source, name), 'odd')
      for (const name of ['Grüße', 'Öl', '日本', 'Été']) fs.writeFileSync(path.join(source, name), 'text')
      fs.symlinkSync(latin1('..', 'é'), path.join(source, 'link'))
      const target = path.join(folder, 'made.iso')
      const planned = await plan(collect([{ path: source, at: '' }]).root, options)
      expect((await writePlan(planned, target, CONTROL)).faults).toEqual([])
      // SL: the parent, then one component of one byte.
      expect(fs.readFileSync(target).includes(Buffer.from([4, 0, 0, 1, 0xe9]))).toBe(true)
      const image = await openPlan(planned)
      const contents = await contentsOf(image, 'rock-ridge')
      expect(Object.values(contents).toSorted()).toEqual([
        'odd',
        'odd',
        'odd',
        'symlink',
        'text',
        'text',
        'text',
        'text',
      ])
      expect(planned.unrecorded).toContainEqual(expect.objectContaining({ path: 'link', tree: 'udf' }))
    },
  )
})

it('what the system does not give is left out and named, and all else is there', async () => {
  const source = temporaryFolder()
  fs.symlinkSync('loop', path.join(source, 'loop'))
  fs.writeFileSync(path.join(source, 'fine'), 'fine')
  const { root, leftOut } = collect([{ path: source, at: '' }], { followLinks: true })
  expect(leftOut).toMatchObject([{ path: 'loop', message: expect.stringContaining('ELOOP') as string }])
  expect(await contentsOf(await openPlan(await plan(root)), 'udf')).toEqual({ fine: 'fine' })
})

it('controls in names are in no tree that has no such names', async () => {
  const planned = await plan(tree({ 'a\nb\u007f': 'x' }), { isoLevel: 4 })
  await writePlan(planned, path.join(temporaryFolder(), 'made.iso'), CONTROL)
  const enhanced = planned.changes.filter((change) => change.tree === 'enhanced')
  expect(enhanced).toMatchObject([{ name: 'a_b_', reason: 'characters' }])
})

it('times that seven bytes cannot say are kept, and those that are none are not there', async () => {
  const times = { old: Date.UTC(1820, 5, 1), edge: Date.UTC(2156, 0, 1), far: Date.UTC(2300, 1, 2, 3, 4, 5), none: NaN }
  const node = (modified: number): ReturnType<typeof makeNode> =>
    makeNode({ name: '', kind: 'file', content: bytesContent(Buffer.from('x'), 'x'), modified })
  const image = await openPlan(
    await plan(tree(Object.fromEntries(Object.entries(times).map(([n, t]) => [n, node(t)])))),
  )
  for (const view of ['rock-ridge', 'udf']) {
    const table = await image.view(view).readTree()
    const found = Array.from({ length: 4 }, (_, i) => [table.nameOf(i + 1), table.modifiedOf(i + 1)])
    expect(Object.fromEntries(found)).toEqual(times)
  }
})

it('a file has as many links as it has names in the image', async () => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'one'), 'shared bytes')
  for (const name of ['two', 'three']) fs.linkSync(path.join(folder, 'one'), path.join(folder, name))
  const { root } = collect([{ path: folder, at: '' }])
  changeTree(root, [{ op: 'delete', path: 'two' }])
  const planned = await plan(root)
  expect(root.children.map(({ links }) => links.count)).toEqual([2, 2])
  expect(planned.udfTree?.entries.map(({ links }) => links)).toContain(2)
})

describe('one copy of the data', () => {
  it('serves hard links, under one serial number and one file entry', async () => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'one'), 'shared bytes')
    fs.linkSync(path.join(folder, 'one'), path.join(folder, 'two'))
    const { root } = collect([{ path: folder, at: '' }])
    const planned = await plan(root)
    const [one, two] = root.children
    expect(one?.links).toBe(two?.links)
    expect(one?.links.count).toBe(2)
    expect(planned.places.size).toBe(1)
    expect(planned.udfTree?.entries).toHaveLength(2)
    const image = await openPlan(planned)
    for (const view of VIEWS)
      expect(Object.values(await contentsOf(image, view))).toEqual(['shared bytes', 'shared bytes'])
  })

  it('serves equal files with --dedupe, and only then', async () => {
    const sketch = (): ReturnType<typeof tree> => tree({ a: 'same', b: 'same', c: 'else' })
    expect((await plan(sketch())).places.size).toBe(3)
    const planned = await plan(sketch(), { dedupe: true })
    expect(planned.places.size).toBe(2)
    expect(await contentsOf(await openPlan(planned), 'udf')).toEqual({ a: 'same', b: 'same', c: 'else' })
  })

  it.each([{ hasInfoTable: true }, { hasGrubTable: true }])(
    'serves no other file than the loader that it changes (%j)',
    async (tables) => {
      const text = 'loader '.repeat(500)
      const boot = { platform: 'bios', emulation: 'none', hasInfoTable: false, hasGrubTable: false, ...tables } as const
      const root = tree({ 'a copy': text, loader: text, other: text })
      const image = await openPlan(await plan(root, { dedupe: true, boots: [{ ...boot, path: 'loader' }] }))
      for (const view of ['rock-ridge', 'udf']) {
        const { loader, ...copies } = await contentsOf(image, view)
        expect(copies).toEqual({ 'a copy': text, other: text })
        expect(loader).not.toBe(text)
      }
    },
  )

  it('lies on the disc by weight, then by path', async () => {
    const root = tree({ a: 'a', b: 'b', c: { d: 'd' } })
    const planned = await plan(root, {
      sort: [
        { pattern: 'c/**', weight: 5 },
        { pattern: 'a', weight: -1 },
      ],
    })
    const order = [...planned.places].sort((x, y) => x[1] - y[1]).map(([{ origin }]) => origin)
    expect(order).toEqual(['d', 'b', 'a'])
  })
})

describe('the same input', () => {
  it('gives the same bytes, in whatever order the folder is read', async () => {
    const write = async (names: readonly string[]): Promise<Buffer> => {
      const root = tree(Object.fromEntries(names.map((name) => [name, name])))
      const file = path.join(temporaryFolder(), 'made.iso')
      await writePlan(await plan(root, { md5: true }), file, CONTROL)
      return fs.readFileSync(file)
    }
    const names = ['one', 'Two', 'drei drei', 'ﬁn', '~', 'ONE']
    expect(Buffer.compare(await write(names), await write(names.toReversed()))).toBe(0)
  })
})

describe('a source that changes while it is read', () => {
  it.each([
    [
      'shrinks',
      (file: string) => {
        fs.truncateSync(file, 10)
      },
      'became shorter',
    ],
    [
      'vanishes',
      (file: string) => {
        fs.rmSync(file)
      },
      'cannot be read',
    ],
    [
      'grows',
      (file: string) => {
        fs.appendFileSync(file, 'more')
      },
      'grew',
    ],
  ] as const)('and %s is said, and moves nothing', async (_, change, message) => {
    for (const byteLength of [100, 9_000_000]) {
      const folder = temporaryFolder()
      fs.mkdirSync(path.join(folder, 'in'))
      const changed = path.join(folder, 'in', 'b')
      for (const name of ['a', 'b', 'c']) fs.writeFileSync(path.join(folder, 'in', name), name.repeat(byteLength))
      const planned = await plan(collect([{ path: path.join(folder, 'in'), at: '' }]).root)
      change(changed)
      const image = path.join(folder, 'made.iso')
      const { faults } = await writePlan(planned, image, CONTROL)
      expect(faults).toHaveLength(1)
      expect(faults[0]).toMatchObject({ origin: changed })
      expect(faults[0]?.message).toContain(message)
      const bytes = fs.readFileSync(image)
      expect(bytes.byteLength).toBe(planned.layout.byteLength)
      expect(bytes.includes(Buffer.from('c'.repeat(100)))).toBe(true)
      expect(bytes.includes(Buffer.from('more'))).toBe(false)
    }
  })
})

it('segments that would lie in one another are a mistake that nobody overlooks', async () => {
  const content = bytesContent(new Uint8Array(3000), 'x')
  const { Layout } = await import('../../../src-main/author/layout')
  const at = (byteOffset: number) => ({ kind: 'content', content, byteOffset, byteLength: 3000 }) as const
  expect(() => new Layout([at(0), at(2048)], 8192)).toThrow('overlap')
})

it('an image that is too large for its disc is refused, and one that fits is not', () => {
  expect(() => {
    assertFits(MEDIA['cd-80'] * 2048, 'cd-80')
  }).not.toThrow()
  expect(() => {
    assertFits(5_000_000_000, 'dvd-r')
  }).toThrow('292,680,192 bytes too much for dvd-r')
})
