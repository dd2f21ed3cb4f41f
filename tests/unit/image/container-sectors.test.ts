import { describe, expect, test } from 'vitest'
import { edcOf } from '../../../src-main/image/containers/sectors/edc'
import type { DiscImage } from '../../../src-main/image'
import type { VerifyReport } from '../../../src-shared/model'
import { verifyImage } from '../../../src-main/verify/verify'
import { edc, samples, sector, sectors, SESSION_GAP } from '../../images/cd-sectors'
import { buildIso, concat, nm, px, SECTOR, SP, text } from '../../images/iso-builder'
import { packZisofs, zisofsUse } from '../../images/zisofs'
import { codes, contentOf, openBytes, readAll, siblings } from '../../images/open-bytes'

const iso = buildIso([
  { name: 'ONE.TXT;1', data: 'the first file' },
  { name: 'TWO.BIN;1', data: new Uint8Array(10 * SECTOR).fill(7) },
])

/** As programs write sectors that leave sum and parity out. */
function withoutSums(disc: Uint8Array): Uint8Array {
  const bare = disc.slice()
  for (let at = 0; at < bare.byteLength; at += 2352) bare.fill(0, at + 2064, at + 2352)
  return bare
}

function verify(image: DiscImage): Promise<VerifyReport> {
  return verifyImage(image, image.info.defaultViewId, { checkpoint: () => undefined, progress: () => undefined })
}

describe('the error detection code', () => {
  test('eight bytes a step give what a bit a step gives', () => {
    const bytes = Uint8Array.from({ length: 2351 }, (_, index) => (index * 73) & 255)
    for (const [from, to] of [
      [0, 2064],
      [16, 2072],
      [1, 8],
      [5, 5],
      [0, 2351],
    ] as const) {
      const [a = 0, b = 0, c = 0, d = 0] = edc(bytes.subarray(from, to))
      expect(edcOf(bytes, from, to)).toBe((a | (b << 8) | (c << 16) | (d << 24)) >>> 0)
    }
  })

  test.each([
    ['mode 1', sectors(iso.bytes, 0, 1)],
    ['mode 2 form 1', sectors(iso.bytes, 0, 2)],
    ['sectors of 2336 bytes', without(sectors(iso.bytes, 0, 2))],
  ])('%s: verify names the file, and reading it says so', async (_, disc) => {
    const whole = await openBytes(disc, { name: 'disc.bin' })
    expect(await verify(whole)).toMatchObject({ verdict: 'passed' })
    const stride = disc.byteLength / (iso.bytes.byteLength / SECTOR)
    const at = (iso.blockOf('TWO.BIN;1') + 3) * stride + 1000
    const damaged = disc.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 1
    const image = await openBytes(damaged, { name: 'disc.bin' })
    const report = await verify(image)
    expect(report.verdict).toBe('failed')
    expect(report.checks.filter(({ kind }) => kind === 'edc')).toMatchObject([{ verdict: 'failed', path: 'TWO.BIN' }])
    const [two, one] = [await image.view('iso9660').lookup('TWO.BIN'), await image.view('iso9660').lookup('ONE.TXT')]
    await readAll(two?.content)
    await readAll(one?.content)
    expect(two?.content?.damage).toContain('EDC')
    expect(one?.content?.damage).toBeNull()
  })

  test.each([
    ['a blank sector', (disc: Uint8Array, at: number) => disc.fill(0, at, at + 2352)],
    ['a sector of ones', (disc: Uint8Array, at: number) => disc.fill(255, at, at + 2352)],
    ['a sector without sync', (disc: Uint8Array, at: number) => disc.fill(0, at, at + 12)],
    ['a sector of no mode', (disc: Uint8Array, at: number) => disc.fill(0, at + 15, at + 16)],
  ])('%s in a file is told where sectors carry no sums', async (_, change) => {
    const disc = withoutSums(sectors(iso.bytes))
    expect((await verify(await openBytes(disc, { name: 'disc.bin' }))).verdict).toBe('nothing-to-check')
    change(disc, (iso.blockOf('TWO.BIN;1') + 3) * 2352)
    const image = await openBytes(disc, { name: 'disc.bin' })
    expect((await verify(image)).checks).toContainEqual(
      expect.objectContaining({ kind: 'edc', verdict: 'failed', path: 'TWO.BIN' }),
    )
    const two = await image.view('iso9660').lookup('TWO.BIN')
    await readAll(two?.content)
    expect(two?.content?.damage).toMatch(/^Sector \d+ of its track /)
  })

  test.each([true, false])(
    'what follows the volume is nobody’s: blank sectors and sound (sums: %s)',
    async (hasSums) => {
      const disc = hasSums ? sectors(iso.bytes) : withoutSums(sectors(iso.bytes))
      const image = await openBytes(concat(disc, new Uint8Array(150 * 2352), samples(20)), { name: 'disc.bin' })
      expect((await verify(image)).checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    },
  )

  test('a sector of mode 0 that holds data is damaged (ECMA-130 14.2)', async () => {
    const damaged = sectors(iso.bytes)
    damaged[(iso.blockOf('TWO.BIN;1') + 3) * 2352 + 15] = 0
    const report = await verify(await openBytes(damaged, { name: 'disc.bin' }))
    expect(report.checks.filter(({ kind }) => kind === 'edc')).toMatchObject([{ verdict: 'failed', path: 'TWO.BIN' }])
  })

  test.each([
    ['is missing', (at: number) => [sectors(iso.bytes).slice(0, at), sectors(iso.bytes).slice(at + 2352)]],
    ['is there twice', (at: number) => [sectors(iso.bytes).slice(0, at), sectors(iso.bytes).slice(at - 2352)]],
    [
      'is in another’s place',
      (at: number) => [
        sectors(iso.bytes).slice(0, at),
        sectors(iso.bytes).slice(at + 2352 * 2, at + 2352 * 3),
        sectors(iso.bytes).slice(at + 2352),
      ],
    ],
  ])('a sector that %s is told by its neighbours’ addresses (ECMA-130 14.2)', async (_, make) => {
    const disc = concat(...make((iso.blockOf('TWO.BIN;1') + 3) * 2352))
    const image = await openBytes(disc, { name: 'disc.bin' })
    const { verdict, checks } = await verify(image)
    expect(verdict).toBe('failed')
    expect(checks.find(({ kind }) => kind === 'edc')?.path).toBe('TWO.BIN')
    const [two, one] = [await image.view('iso9660').lookup('TWO.BIN'), await image.view('iso9660').lookup('ONE.TXT')]
    await readAll(two?.content)
    await readAll(one?.content)
    expect(two?.content?.damage).toContain('address of sector')
    expect(one?.content?.damage).toBeNull()
  })

  test('addresses that do not count, and such as jump to another session, are nobody’s fault', async () => {
    const same = sectors(iso.bytes)
    for (let at = 0; at < same.byteLength; at += 2352) {
      same.set([0, 2, 0], at + 12)
      same.set(edc(same.subarray(at, at + 2064)), at + 2064)
    }
    expect(await verify(await openBytes(same, { name: 'disc.bin' }))).toMatchObject({ verdict: 'passed' })
    const later = concat(sectors(iso.bytes), sectors(iso.bytes, iso.bytes.byteLength / SECTOR + SESSION_GAP))
    const { checks } = await verify(await openBytes(later, { name: 'disc.bin' }))
    expect(checks.find(({ kind }) => kind === 'edc')?.verdict).toBe('passed')
  })

  test('a sector of mode 2 amid mode 1 without a sum that fits is told', async () => {
    const disc = sectors(iso.bytes)
    const at = (iso.blockOf('TWO.BIN;1') + 3) * 2352
    disc[at + 15] = 2
    // What stands where a subheader would says form 2, and no sum.
    disc.set([1, 2, 0x20, 4, 5, 6, 0x20, 8], at + 16)
    const image = await openBytes(disc, { name: 'disc.bin' })
    expect((await verify(image)).checks.find(({ kind }) => kind === 'edc')?.path).toBe('TWO.BIN')
  })

  test('a directory in a wrong sector is damage of the image', async () => {
    const disc = sectors(iso.bytes, 0, 1)
    const record = iso.recordOf('TWO.BIN;1')
    const at = Math.floor(record / SECTOR) * 2352 + 16 + (record % SECTOR) + 33
    disc[at] = 'Z'.charCodeAt(0)
    const image = await openBytes(disc, { name: 'disc.bin' })
    const table = await image.view('iso9660').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('SECTOR_WRONG')
  })

  test('a wrong sector that no file holds is a failure without a file', async () => {
    const disc = sectors(iso.bytes, 0, 1)
    disc[5 * 2352 + 100] = 1
    const { checks } = await verify(await openBytes(disc, { name: 'disc.bin' }))
    expect(checks.filter(({ kind }) => kind === 'edc')).toMatchObject([
      { verdict: 'failed', detail: expect.stringContaining('sector 5') as string },
    ])
  })

  test('a disc whose sectors carry none has nothing to check', async () => {
    const disc = sectors(iso.bytes, 0, 1)
    for (let at = 2064; at < disc.byteLength; at += 2352) disc.fill(0, at, at + 4)
    expect((await verify(await openBytes(disc, { name: 'disc.bin' }))).verdict).toBe('nothing-to-check')
  })
})

/** Sectors without sync and header. */
function without(disc: Uint8Array): Uint8Array {
  const count = disc.byteLength / 2352
  return new Uint8Array(
    Buffer.concat(Array.from({ length: count }, (_, index) => disc.subarray(index * 2352 + 16, (index + 1) * 2352))),
  )
}

describe('a packed file on sectors of which one does not fit its sum', () => {
  test('says so, though it unpacks', async () => {
    const content = new Uint8Array(100_000).map((_, at) => (at * 7 + (at >> 9)) & 255)
    const built = buildIso(
      [{ name: 'A.BIN;1', data: packZisofs(content), use: concat(px(0o100644), nm('a.bin'), zisofsUse(100_000)) }],
      { rootUse: concat(SP, px(0o040755)) },
    )
    const disc = sectors(built.bytes)
    const at = built.blockOf('A.BIN;1') * 2352 + 2064
    disc[at] = (disc[at] ?? 0) ^ 1
    const image = await openBytes(disc, { name: 'disc.bin' })
    const found = await image.view('rock-ridge').lookup('a.bin')
    expect(Buffer.compare(await readAll(found?.content), content)).toBe(0)
    expect(found?.content?.damage).toContain('EDC')
  })
})

describe('a disc whose first sectors could not be read', () => {
  test.each([[[0]], [[1]], [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]]])('%j', async (blank) => {
    const disc = sectors(iso.bytes)
    for (const at of blank) disc.fill(0, at * 2352, (at + 1) * 2352)
    const image = await openBytes(disc, { name: 'disc.img' })
    expect(image.info.containers).toEqual(['raw-2352'])
    expect(await contentOf(image, 'ONE.TXT')).toBe('the first file')
    expect(codes(image)).toEqual(['SECTOR_BLANK'])
  })
})

describe('sectors whose bytes are swapped in pairs', () => {
  const swapped = Buffer.from(sectors(iso.bytes)).swap16()

  test('are read the right way round, and it is said', async () => {
    const image = await openBytes(swapped, { name: 'disc.bin' })
    expect(image.info.containers).toEqual(['raw-2352'])
    expect(await contentOf(image, 'ONE.TXT')).toBe('the first file')
    expect(codes(image)).toEqual(['SECTORS_SWAPPED'])
    const { checks } = await verify(image)
    expect(checks.filter(({ verdict }) => verdict === 'failed')).toEqual([])
  })

  test.each(['BINARY', 'MOTOROLA'])('whatever word a sheet has for them: %s', async (type) => {
    const samples = Uint8Array.from({ length: 2352 * 2 }, (_, index) => index % 251)
    const file = concat(swapped, Buffer.from(samples).swap16())
    const sheet = `FILE "d.bin" ${type}\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 ${at(swapped)}\n`
    const image = await openBytes(text(sheet), { name: 'd.cue', ...siblings({ 'd.bin': file }) })
    expect(await contentOf(image, 'ONE.TXT')).toBe('the first file')
    const track = await image.view('tracks').lookup('Track 02.wav')
    expect((await readAll(track?.content)).subarray(44)).toEqual(samples)
  })

  /** Where the bytes end, as a sheet writes it. */
  function at({ byteLength }: Uint8Array): string {
    const frames = byteLength / 2352
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
    return `${two(frames / 4500)}:${two((frames / 75) % 60)}:${two(frames % 75)}`
  }
})

describe('forms', () => {
  const xa = (attributes: number): Uint8Array =>
    concat([0, 0, 0, 0, attributes >> 8, attributes & 255], text('XA'), new Uint8Array(6))
  const built = buildIso([
    { name: 'LATE.DAT;1', data: new Uint8Array(3 * SECTOR), use: xa(0x0d55) },
    { name: 'MARKED.STR;1', data: new Uint8Array(6 * SECTOR), use: xa(0x3d55) },
    { name: 'PLAIN.STR;1', data: new Uint8Array(4 * SECTOR) },
  ])

  /** Which sectors of a file are of form 2; each is full of its own number. */
  function disc(forms: Record<string, (1 | 2)[]>): Uint8Array {
    const out = sectors(built.bytes, 0, 2)
    for (const [name, list] of Object.entries(forms))
      for (const [index, form] of list.entries()) {
        const block = built.blockOf(`${name};1`) + index
        const data = new Uint8Array(form === 2 ? 2324 : 2048).fill(index + 1)
        out.set(sector(data, block, 2, form), block * 2352)
      }
    return out
  }

  test.each([
    ['MARKED.STR', [1, 2, 1, 1, 2, 2]],
    ['PLAIN.STR', [1, 1, 2, 1]],
    ['LATE.DAT', [2, 2, 2]],
  ] as const)('%s holds 2048 bytes of each sector of form 1 and 2324 of each of form 2', async (name, forms) => {
    const image = await openBytes(disc({ [name]: [...forms] }), { name: 'disc.bin' })
    const found = await image.view('iso9660').lookup(name)
    const right = concat(...forms.map((form, index) => new Uint8Array(form === 2 ? 2324 : 2048).fill(index + 1)))
    expect(found?.entry.byteLength).toBe(right.byteLength)
    expect(Buffer.compare(await readAll(found?.content), right)).toBe(0)
    // Across the borders of sectors, too.
    expect(Buffer.compare((await found?.content?.read(2000, 3000)) ?? text(''), right.subarray(2000, 5000))).toBe(0)
    const left = (await image.plain()).leftOut.map(({ message }) => message)
    expect(left).toEqual([expect.stringContaining(`${forms.filter((form) => form === 2).length} sectors of form 2`)])
  })

  test('files of form 1 alone are what their blocks hold', async () => {
    const image = await openBytes(disc({}), { name: 'disc.bin' })
    expect((await image.view('iso9660').lookup('MARKED.STR'))?.entry.byteLength).toBe(6 * SECTOR)
    expect((await image.plain()).leftOut).toEqual([])
  })

  test('a sum of form 2 that is zero was left out, any other is checked', async () => {
    const bytes = disc({ 'MARKED.STR': [2, 2] })
    const at = built.blockOf('MARKED.STR;1') * 2352
    bytes.fill(0, at + 2348, at + 2352)
    expect(
      (await verify(await openBytes(bytes, { name: 'disc.bin' }))).checks.filter(({ verdict }) => verdict !== 'passed'),
    ).toEqual([])
    bytes[at + 2352 + 2000] = 99
    const image = await openBytes(bytes, { name: 'disc.bin' })
    expect((await verify(image)).checks.find(({ kind }) => kind === 'edc')?.path).toBe('MARKED.STR')
    const content = (await image.view('iso9660').lookup('MARKED.STR'))?.content
    await readAll(content)
    expect(content?.damage).toContain('EDC')
  })
})
