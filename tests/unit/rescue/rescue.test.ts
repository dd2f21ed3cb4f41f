import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeParity } from '../../../src-main/image/containers/sectors/ecc'
import {
  jsonReport,
  planRescue,
  protectImage,
  writeItems,
  writeRepaired,
  type PartialFiles,
  type PlannedItem,
  type RescuePlan,
  type RescueRequest,
} from '../../../src-main/rescue'
import { UNCONTROLLED } from '../../../src-main/task'
import { sector } from '../../images/cd-sectors'
import {
  buildIso,
  concat,
  nm,
  px,
  sl,
  SP,
  text,
  utf16Be,
  type BuildNode,
  type BuiltImage,
} from '../../images/iso-builder'
import { buildUdf } from '../../images/udf-builder'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'
import { noise } from './noise'

const SECTOR = 2048
const FILES: Record<string, Uint8Array> = {
  'A.BIN': noise(10 * SECTOR + 100, 3),
  'DIR/B.BIN': noise(6 * SECTOR, 4),
  'DIR/SUB/C.BIN': noise(3 * SECTOR + 1, 5),
}

const file = (name: string, data: Uint8Array): BuildNode => ({ name, data })
const [a, b, c] = Object.values(FILES) as [Uint8Array, Uint8Array, Uint8Array]

function image(options: { joliet?: boolean; sums?: boolean } = {}): BuiltImage {
  const sums = text(
    Object.entries(FILES)
      .map(([name, data]) => `${createHash('md5').update(data).digest('hex')}  ./${name}\n`)
      .join(''),
  )
  const list = options.sums === true ? [file('MD5SUM.TXT;1', sums)] : []
  const wide = (name: string, rest: Partial<BuildNode>): BuildNode => ({ name: utf16Be(name), ...rest })
  return buildIso(
    [
      file('A.BIN;1', a),
      ...list,
      { name: 'DIR', children: [file('B.BIN;1', b), { name: 'SUB', children: [file('C.BIN;1', c)] }] },
    ],
    options.joliet === true
      ? {
          joliet: [
            wide('A.BIN', { data: a }),
            wide('DIR', {
              children: [wide('B.BIN', { data: b }), wide('SUB', { children: [wide('C.BIN', { data: c })] })],
            }),
          ],
        }
      : {},
  )
}

function stored(bytes: Uint8Array, name = 'disc.iso', folder = temporaryFolder()): string {
  const place = path.join(folder, name)
  fs.writeFileSync(place, bytes)
  return place
}

async function planOf(imagePath: string, request: Partial<RescueRequest> = {}): Promise<RescuePlan> {
  return planRescue({ imagePath, map: null, copies: [], ecc: null, carve: false, ...request }, UNCONTROLLED)
}

function statesOf(plan: { items: readonly PlannedItem[] }): Record<string, string> {
  return Object.fromEntries(plan.items.filter(({ kind }) => kind === 'file').map((item) => [item.path, item.status]))
}

async function saved(plan: RescuePlan, partial: PartialFiles = 'zeros'): Promise<{ folder: string; report: string }> {
  const folder = path.join(temporaryFolder(), 'saved')
  const facts = { image: 'disc.iso', notes: plan.notes, partial }
  let report = ''
  await writeItems(plan.items, {
    destination: folder,
    partial,
    control: UNCONTROLLED,
    reports: (written) => [['rescue.json', (report = jsonReport(written, facts))]],
  })
  await plan.close()
  return { folder, report }
}

function expectSame(folder: string, names: readonly string[] = Object.keys(FILES)): void {
  for (const name of names)
    expect(Buffer.compare(fs.readFileSync(path.join(folder, name)), FILES[name] ?? new Uint8Array(0))).toBe(0)
}

function zeroed(bytes: Uint8Array, first: number, count = 1): Uint8Array {
  const damaged = bytes.slice()
  damaged.fill(0, first * SECTOR, (first + count) * SECTOR)
  return damaged
}

describe('what can be saved of an image', () => {
  it('that is whole is everything; without sums it is whole, with them proven', async () => {
    const plain = await planOf(stored(image().bytes))
    expect(statesOf(plain)).toEqual({ 'A.BIN': 'whole', 'DIR/B.BIN': 'whole', 'DIR/SUB/C.BIN': 'whole' })
    expect(plain.isIncomplete).toBe(false)
    expectSame((await saved(plain)).folder)
    const summed = await planOf(stored(image({ sums: true }).bytes))
    expect(statesOf(summed)).toMatchObject({ 'A.BIN': 'proven', 'DIR/B.BIN': 'proven', 'DIR/SUB/C.BIN': 'proven' })
    await summed.close()
  })

  it('never calls a file whole that does not give its sum', async () => {
    const built = image({ sums: true })
    const damaged = built.bytes.slice()
    const at = built.blockOf('DIR/B.BIN;1') * SECTOR + 77
    damaged[at] = (damaged[at] ?? 0) ^ 1
    const plan = await planOf(stored(damaged))
    expect(statesOf(plan)).toMatchObject({ 'A.BIN': 'proven', 'DIR/B.BIN': 'partial' })
    await plan.close()
  })

  it('calls no file partial because a sum over all of them does not fit, and says that any may be wrong', async () => {
    const built = image()
    const sum = createHash('md5').update(built.bytes).digest('hex')
    const at = built.blockOf('DIR/B.BIN;1') * SECTOR + 77
    const damaged = built.bytes.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 1
    const disc = stored(damaged)
    stored(text(`${sum}  disc.iso\n`), 'MD5SUMS', path.dirname(disc))
    const plan = await planOf(disc)
    expect(statesOf(plan)).toEqual({ 'A.BIN': 'whole', 'DIR/B.BIN': 'whole', 'DIR/SUB/C.BIN': 'whole' })
    expect(plan.items.find(({ path: own }) => own === 'A.BIN')?.why).toContain('some of them may be wrong')
    expect(plan.notes.join()).toContain('over 3 of the files that are whole')
    expectSame((await saved(plan, 'skip')).folder, ['A.BIN', 'DIR/SUB/C.BIN'])
    expect(isolde(['rescue', '--plan', disc]).status).toBe(1)
  })

  it('has the holes of a map that lies beside it, to the byte', async () => {
    const built = image()
    const first = built.blockOf('A.BIN;1')
    const damaged = zeroed(built.bytes, first + 2, 3)
    const disc = stored(damaged)
    const at = (first + 2) * SECTOR
    const rest = at + 3 * SECTOR
    stored(
      text(`0 +\n0 ${at} +\n${at} ${3 * SECTOR} -\n${rest} ${damaged.byteLength - rest} +\n`),
      'disc.map',
      path.dirname(disc),
    )
    const item = async (): Promise<PlannedItem | undefined> => {
      const plan = await planOf(disc)
      await plan.close()
      return plan.items.find((one) => one.path === 'A.BIN')
    }
    expect(await item()).toMatchObject({ status: 'partial', holes: [[2 * SECTOR, 3 * SECTOR]] })
    const zeros = await saved(await planOf(disc))
    const expected = a.slice()
    expected.fill(0, 2 * SECTOR, 5 * SECTOR)
    expect(Buffer.compare(fs.readFileSync(path.join(zeros.folder, 'A.BIN')), expected)).toBe(0)
    expect((JSON.parse(zeros.report) as { losses: unknown[] }).losses).toHaveLength(1)
    const cut = await saved(await planOf(disc), 'cut')
    expect(fs.readFileSync(path.join(cut.folder, 'A.BIN')).byteLength).toBe(2 * SECTOR)
    const skipped = await saved(await planOf(disc), 'skip')
    expect(fs.existsSync(path.join(skipped.folder, 'A.BIN'))).toBe(false)
    expectSame(skipped.folder, ['DIR/B.BIN', 'DIR/SUB/C.BIN'])
  })

  it('says what was cut off', async () => {
    const built = image()
    const plan = await planOf(stored(built.bytes.slice(0, (built.blockOf('DIR/B.BIN;1') + 1) * SECTOR)))
    const states = statesOf(plan)
    expect(states).toMatchObject({ 'A.BIN': 'whole', 'DIR/B.BIN': 'partial', 'DIR/SUB/C.BIN': 'lost' })
    await plan.close()
  })

  it('is all of it where every descriptor is lost', async () => {
    const plan = await planOf(stored(zeroed(image({ joliet: true }).bytes, 16, 3)))
    expect(plan.isIncomplete).toBe(false)
    expectSame((await saved(plan)).folder)
  })

  it('comes from the tree whose descriptor is lost, where that tells more than the one that is left', async () => {
    const use = concat(px(0o120777), nm('link'), sl([[0, 'a.bin']]))
    const files = [
      { ...file('A.BIN;1', a), use: concat(px(0o100644), nm('a.bin')) },
      { name: 'LINK.;1', data: '', use },
    ]
    const joliet = ['a.bin', 'link'].map((name, index) => ({ name: utf16Be(name), data: index === 0 ? a : '' }))
    const built = buildIso(files, { joliet, rootUse: concat(SP, px(0o040755, 2)) })
    const plan = await planOf(stored(zeroed(built.bytes, 16)))
    expect(plan.items.map(({ path: own, kind, target }) => [own, kind, target])).toEqual([
      ['a.bin', 'file', null],
      ['link', 'symlink', 'a.bin'],
    ])
    expect(plan.isIncomplete).toBe(false)
    await plan.close()
  })

  it('is not called complete where what a destroyed descriptor described is not found', async () => {
    const built = image({ joliet: true })
    const root = new DataView(built.bytes.buffer, built.bytes.byteOffset).getUint32(16 * SECTOR + 158, true)
    const plan = await planOf(stored(zeroed(zeroed(built.bytes, root), 16)))
    expect(plan.isIncomplete).toBe(true)
    await plan.close()
  })

  it('comes from a twin where a directory is destroyed', async () => {
    const built = image({ joliet: true })
    const root = new DataView(built.bytes.buffer, built.bytes.byteOffset).getUint32(16 * SECTOR + 158, true)
    const plan = await planOf(stored(zeroed(built.bytes, root, 1)))
    expectSame((await saved(plan)).folder)
  })

  it('lies below “Lost folders” where nothing leads to it', async () => {
    const built = image()
    const directory = built.blockOf('DIR')
    const sub = built.blockOf('DIR/SUB')
    const plan = await planOf(stored(withoutPathTables(zeroed(built.bytes, directory))))
    expect(statesOf(plan)).toEqual({ 'A.BIN': 'whole', [`Lost folders/${sub}/C.BIN`]: 'whole' })
    expect(plan.isIncomplete).toBe(true)
    const { folder } = await saved(plan)
    expect(Buffer.compare(fs.readFileSync(path.join(folder, `Lost folders/${sub}/C.BIN`)), c)).toBe(0)
  })

  it('is found in UDF by the tags of its entries', async () => {
    const node = { name: 'c.bin', data: c }
    const built = buildUdf([
      { name: 'a.bin', data: a },
      { name: 'dir', children: [node] },
    ])
    const damaged = built.bytes.slice()
    damaged.fill(0, 0, built.partitionStart)
    const plan = await planOf(stored(damaged))
    expect(statesOf(plan)).toEqual({ 'a.bin': 'whole', 'dir/c.bin': 'whole' })
    expect(plan.notes.join()).toContain('No descriptor')
    await plan.close()
  })

  it('calls no file whole whose entry is destroyed', async () => {
    const node = { name: 'c.bin', data: c }
    const built = buildUdf([{ name: 'a.bin', data: a }, node])
    const damaged = built.bytes.slice()
    damaged.fill(0, built.entryOf(node), built.entryOf(node) + SECTOR)
    const plan = await planOf(stored(damaged))
    expect(statesOf(plan)).toMatchObject({ 'a.bin': 'whole', 'c.bin': 'lost' })
    await plan.close()
  })

  it('is carved where nothing describes it', async () => {
    const riff = new Uint8Array(5 * SECTOR)
    riff.set(text('RIFF'))
    new DataView(riff.buffer).setUint32(4, 4 * SECTOR + 92, true)
    const bytes = new Uint8Array(64 * SECTOR)
    bytes.set(riff, 30 * SECTOR)
    await expect(planOf(stored(bytes))).rejects.toMatchObject({ code: 'NOTHING_READABLE' })
    const plan = await planOf(stored(bytes), { carve: true })
    expect(plan.items.map(({ path: own, byteLength }) => [own, byteLength])).toEqual([
      ['Found by content/riff-30.riff', 4 * SECTOR + 100],
    ])
    await plan.close()
  })
})

/** So that nothing but directories themselves tell of directories. */
function withoutPathTables(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + 16 * SECTOR)
  const length = view.getUint32(132, true)
  for (const block of [view.getUint32(140, true), view.getUint32(148, false)])
    bytes.fill(0, block * SECTOR, block * SECTOR + length)
  return bytes
}

describe('several copies', () => {
  it('give together what each has lost', async () => {
    const built = image()
    const folder = temporaryFolder()
    const first = stored(zeroed(built.bytes, built.blockOf('A.BIN;1') + 1, 2), 'one.iso', folder)
    const second = stored(zeroed(built.bytes, built.blockOf('DIR/B.BIN;1'), 4).slice(0, -SECTOR), 'two.iso', folder)
    const plan = await planOf(first, { copies: [second] })
    expectSame((await saved(plan)).folder)
  })

  it('decide by majority, and by a sum where there is one', async () => {
    const built = image()
    const flipped = built.bytes.slice()
    const at = built.blockOf('A.BIN;1') * SECTOR
    flipped[at] = (flipped[at] ?? 0) ^ 1
    const folder = temporaryFolder()
    const bad = stored(flipped, 'bad.iso', folder)
    const good = stored(built.bytes, 'good.iso', folder)
    const too = stored(built.bytes, 'too.iso', folder)
    expectSame((await saved(await planOf(bad, { copies: [good, too] }))).folder)
    const even = await planOf(bad, { copies: [good] })
    expect(statesOf(even)['A.BIN']).toBe('partial')
    await even.close()
    const summed = image({ sums: true })
    const wrong = summed.bytes.slice()
    const place = summed.blockOf('A.BIN;1') * SECTOR
    wrong[place] = (wrong[place] ?? 0) ^ 1
    const settled = await planOf(stored(wrong, 'wrong.iso', folder), {
      copies: [stored(summed.bytes, 'right.iso', folder)],
    })
    expect(statesOf(settled)['A.BIN']).toBe('proven')
    expectSame((await saved(settled)).folder)
  })

  it('of another image are refused', async () => {
    const other = stored(buildIso([file('X.BIN;1', noise(30 * SECTOR, 9))]).bytes, 'other.iso')
    await expect(planOf(stored(image().bytes), { copies: [other] })).rejects.toMatchObject({ code: 'OTHER_IMAGE' })
  })
})

describe('raw sectors', () => {
  it('are mended by their own parity, and proven by their sums', async () => {
    const built = image()
    const raw = new Uint8Array((built.bytes.byteLength / SECTOR) * 2352)
    for (let i = 0; i * SECTOR < built.bytes.byteLength; i++) {
      const one = sector(built.bytes.subarray(i * SECTOR, (i + 1) * SECTOR), i, 1)
      writeParity(one)
      raw.set(one, i * 2352)
    }
    const bad = built.blockOf('A.BIN;1')
    for (const at of [100, 101, 700, 1500]) raw[bad * 2352 + at] = 0x5a ^ (raw[bad * 2352 + at] ?? 0)
    // All of another one: no parity gives that back.
    raw.fill(0x77, (built.blockOf('DIR/B.BIN;1') + 1) * 2352 + 16, (built.blockOf('DIR/B.BIN;1') + 1) * 2352 + 2352)
    const plan = await planOf(stored(raw, 'disc.bin'))
    expect(statesOf(plan)).toEqual({ 'A.BIN': 'proven', 'DIR/B.BIN': 'partial', 'DIR/SUB/C.BIN': 'proven' })
    expect(plan.items.find((item) => item.path === 'DIR/B.BIN')?.holes).toEqual([[SECTOR, SECTOR]])
    expectSame((await saved(plan)).folder, ['A.BIN', 'DIR/SUB/C.BIN'])
  })
})

describe('a repaired image', () => {
  it('is what it was, by error correction and better halves, and the source stays as it is', async () => {
    const built = image({ joliet: true })
    const disc = stored(built.bytes)
    await protectImage(disc, path.join(path.dirname(disc), 'disc.ecc'), 100, UNCONTROLLED)
    const damaged = zeroed(built.bytes, built.blockOf('A.BIN;1'), 8)
    fs.writeFileSync(disc, damaged)
    const plan = await planOf(disc)
    const out = path.join(path.dirname(disc), 'out.iso')
    const { problems } = await writeRepaired(plan, out, UNCONTROLLED)
    await plan.close()
    expect(problems).toEqual([])
    expect(Buffer.compare(fs.readFileSync(out), built.bytes)).toBe(0)
    expect(Buffer.compare(fs.readFileSync(disc), damaged)).toBe(0)
  })

  it.each([
    ['the size of the volume', 16 * SECTOR + 84],
    ['where the root is', 16 * SECTOR + 158],
    ['the size of blocks', 16 * SECTOR + 128],
  ])('has %s from its better half', async (_, at) => {
    const built = image({ joliet: true })
    const damaged = built.bytes.slice()
    damaged.fill(0x31, at, at + 2)
    const plan = await planOf(stored(damaged))
    const out = path.join(temporaryFolder(), 'out.iso')
    await writeRepaired(plan, out, UNCONTROLLED)
    await plan.close()
    expect(Buffer.compare(fs.readFileSync(out), built.bytes)).toBe(0)
  })

  it('has a path table from the other one', async () => {
    const built = image()
    const damaged = built.bytes.slice()
    const block = new DataView(built.bytes.buffer, built.bytes.byteOffset).getUint32(16 * SECTOR + 140, true)
    damaged.fill(0, block * SECTOR, block * SECTOR + 30)
    const plan = await planOf(stored(damaged))
    const out = path.join(temporaryFolder(), 'out.iso')
    const { repairs } = await writeRepaired(plan, out, UNCONTROLLED)
    await plan.close()
    expect(repairs).toEqual(['The path table of type L was made of that of type M.'])
    expect(Buffer.compare(fs.readFileSync(out), built.bytes)).toBe(0)
  })
})

describe('what is written', () => {
  it('replaces nothing, and stays inside of the folder', async () => {
    const plan = await planOf(stored(image().bytes))
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'A.BIN'), 'mine')
    const options = { destination: folder, partial: 'zeros' as const, control: UNCONTROLLED, reports: () => [] }
    await expect(writeItems(plan.items, options)).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(fs.readdirSync(folder)).toEqual(['A.BIN'])
    expect(fs.readFileSync(path.join(folder, 'A.BIN'), 'utf8')).toBe('mine')
    const [first] = plan.items.filter(({ kind }) => kind === 'file')
    if (first === undefined) throw new Error('There is a file.')
    const odd = ['../up', '/etc/passwd', 'a/../../b'].map((own) => ({ ...first, path: own }))
    const links = ['../x', '/etc', 'sub/../..'].map((target, i) => ({
      ...first,
      path: `link${i}`,
      kind: 'symlink' as const,
      target,
    }))
    const fresh = path.join(temporaryFolder(), 'deep', 'new')
    const written = await writeItems([...odd, ...links], { ...options, destination: fresh })
    expect(written.map(({ to }) => to)).toEqual(['__/up', 'etc/passwd', 'a/__/__/b', null, null, null])
    expect(fs.readdirSync(path.dirname(path.dirname(fresh)))).toEqual(['deep'])
    await plan.close()
  })
})
