import { describe, expect, test } from 'vitest'
import { openBytes } from '../../images/open-bytes'
import { buildIso, concat, nm, px, SP, type BuildNode } from '../../images/iso-builder'

const FILE = 0o100644

async function damageOf(bytes: Uint8Array): Promise<string[]> {
  const image = await openBytes(bytes)
  for (const { id } of image.info.views) await image.view(id).readTree()
  return image.diagnostics.filter(({ severity }) => severity === 'damage').map(({ code }) => code)
}

/** A tree without other names. Directories are written with a trailing `/`. */
function plain(names: readonly string[]): Uint8Array {
  return buildIso(
    names.map((name) => (name.endsWith('/') ? { name: name.slice(0, -1), children: [] } : { name, data: name })),
  ).bytes
}

/** A tree with Rock Ridge: identifier and name of each file. */
function named(pairs: readonly (readonly [string, string | Uint8Array])[]): Uint8Array {
  const nodes = pairs.map(([name, own]): BuildNode => ({ name, data: name, use: concat(px(FILE), nm(own)) }))
  return buildIso(nodes, { rootUse: concat(SP, px(0o40755)) }).bytes
}

const STRICT = ['A.;1', 'B.TXT;1', 'C_1.TXT;1', 'README.;1', 'SETUP.EXE;1']

describe('names by another rule than ECMA-119 are no damage', () => {
  test.each([
    ['as they were on the disk', ['README', 'a b.txt', 'dir with spaces/', 'dir.with.dots/', 'q?"<>|*:', 'semi;1']],
    ['with characters that control something', ['A', 'B.TXT', 'nl\nx', 'tab\there']],
    ['in small letters', ['a.;1', 'b.txt;1', 'readme.;1']],
    ['mostly beyond ASCII', ['\u00e9\u00e9\u00e9\u00e9', '\u00f0\u00f0.txt']],
    [
      'cut and numbered without a dot',
      ['____.TXT;1', '______________________________.;1', '_____________________________0;1'],
    ],
    ['numbered in front of the version', ['A.;1', 'A_B.0;', 'A_B.1;', 'A_B.;1', 'B.;1', 'README.;1']],
  ])('%s', async (_, names) => {
    expect(await damageOf(plain(names))).toEqual([])
  })

  test('that Rock Ridge gives beside numbers, without dots in front, and with several dots', async () => {
    const pairs: [string, string][] = [
      ['00000001', 'level06'],
      ['A_B.0;', 'a+b'],
      ['DIR.WITH_DOTS', 'dir.with.dots'],
      ['HIDDEN.;1', '.hidden'],
      ['README.;1', 'README'],
    ]
    expect(await damageOf(named(pairs))).toEqual([])
  })
})

describe('a byte of a name that changed is damage', () => {
  test.each([
    ['a letter', [...STRICT, 'SYStEM.INI;1'], 'NAME_NOT_IN_CAPITALS'],
    ['a character that controls', [...STRICT, 'SYS\x14EM.INI;1'], 'NAME_WITH_CONTROLS'],
    ['the dot', [...STRICT, 'SYSTEM,INI;1'], 'NAME_WITHOUT_SEPARATORS'],
    ['the semicolon', [...STRICT, 'SYSTEM.INI:1'], 'NAME_WITHOUT_SEPARATORS'],
    ['the semicolon, for one that names may have', [...STRICT, 'SYSTEM.INI31'], 'NAME_WITHOUT_SEPARATORS'],
  ])('%s', async (_, names, code) => {
    expect(await damageOf(plain(names))).toEqual([code])
  })
})

describe('a digit of an identifier that its name does not have', () => {
  test.each([
    ['FILE1149.;1', 'file3149'],
    ['FILE1335.;1', 'file133\x15'],
    ['SYMLINK5.TXT;1', 'symlink%.txt'],
  ])('is damage where no other name would have had it: %s of %s', async (identifier, own) => {
    expect(
      await damageOf(
        named([
          ['FILE1148.;1', 'file1148'],
          [identifier, own],
          ['Z.;1', 'z'],
        ]),
      ),
    ).toEqual(['NAMES_DISAGREE'])
  })

  test.each([
    ['README0.;1', 'READMEX', 'README.;1', 'readmex'],
    ['README0.;1', 'readmex', 'README1.;1', 'readmex and more'],
    ['A_B0.TXT;1', 'a+b+.txt', 'A_B_.TXT;1', 'a b .txt'],
    ['README0.HTM;1', 'readmex.htm', 'READMEX.HTM;1', 'readmex.html'],
    ['HIDDEN0.;1', '.hiddenx', 'HIDDENX.;1', 'hiddenx'],
    ['CAFES0.;1', 'cafesx', 'CAFESX.;1', 'cafe\u0301sx'],
  ])('is the number of one that was taken: %s of %s beside %s of %s', async (identifier, own, other, otherOwn) => {
    expect(
      await damageOf(
        named([
          [identifier, own],
          [other, otherOwn],
        ]),
      ),
    ).toEqual([])
  })

  test('and two records with one name are damage', async () => {
    const pairs: [string, string][] = [
      ['FILE1383.;1', 'file1383'],
      ['FILE1384.;1', 'file1384'],
      ['FILE1394.;1', 'file1384'],
      ['Z.;1', 'z'],
    ]
    expect(await damageOf(named(pairs))).toEqual(['NAME_TWICE'])
  })
})

test('an entry of Rock Ridge that leaves something of itself behind it is damage', async () => {
  const bytes = Buffer.from(
    named([
      ['FILE15.TXT;1', 'file15.txt'],
      ['FILE16.TXT;1', 'file16.txt'],
      ['FILE17.TXT;1', 'file17.txt'],
    ]),
  )
  expect(await damageOf(bytes)).toEqual([])
  // RRIP 4.1.4: the length of NM stands three bytes in front of the name.
  const at = bytes.indexOf('file16.txt') - 3
  bytes[at] = bytes.readUInt8(at) - 1
  expect(await damageOf(bytes)).toEqual(['BROKEN_SYSTEM_USE'])
})

describe('a name in another encoding than the others', () => {
  const UTF8: [string, string][] = [
    ['GR__N.TXT;1', 'Grün.txt'],
    ['STRA__E.TXT;1', 'Straße.txt'],
  ]

  test.each([
    ['ALT_.TXT;1', Buffer.from('alt\xe9.txt', 'latin1')],
    ['CAF_.TXT;1', Buffer.from('CAF\xc9.TXT', 'latin1')],
    ['CAF_.TXT;1', Buffer.from('caf\x82.txt', 'latin1')],
  ])('is its own', async (identifier, own) => {
    expect(await damageOf(named([[identifier, own], ...UTF8]))).toEqual([])
  })

  test.each([
    ['VOIL_.TXT;1', Buffer.from('voil\xe0.txt', 'latin1')],
    ['SPA_.TXT;1', Buffer.from('spa\xdf.txt', 'latin1')],
    ['M_LLER.TXT;1', Buffer.from('m\xfcller.txt', 'latin1')],
    ['__.TXT;1', Buffer.from('\xd6\xd0.txt', 'latin1')],
    ['__.TXT;1', Buffer.from('\xc4\xc1.txt', 'latin1')],
  ])('is its own though a bit would make it UTF-8: %s', async (identifier, own) => {
    const pairs: [string, string | Uint8Array][] = [
      [identifier, own],
      ...UTF8,
      ['_.TXT;1', 'ü.txt'],
      ['_0.TXT;1', 'ä.txt'],
    ]
    expect(await damageOf(named(pairs.sort(([a], [b]) => (a < b ? -1 : 1))))).toEqual([])
  })

  test.each([0, 3, 4, 8])(
    'is so too where identifiers have a sign for each character: byte %i of 味噌汁',
    async (byte) => {
      const own = Buffer.from('味噌汁.txt')
      own[byte] = (own[byte] ?? 0) ^ 0x40
      expect(await damageOf(named([...UTF8, ['___.TXT;1', own]]))).toEqual(['NAME_NOT_UTF8'])
    },
  )

  test('is damage where a letter behind others beyond ASCII has one bit more', async () => {
    const own = Buffer.from('naïve café.txt')
    own[8] = (own[8] ?? 0) ^ 0x80
    expect(await damageOf(named([...UTF8, ['NA_VE_CAF_.TXT;1', own]]))).toEqual(['NAME_NOT_UTF8'])
  })

  test('is damage by itself where it is long', async () => {
    const own = Buffer.from(`${'é'.repeat(20)}.txt`)
    own[7] = (own[7] ?? 0) ^ 0x40
    expect(await damageOf(named([[`${'_'.repeat(20)}.TXT;1`, own]]))).toEqual(['NAME_NOT_UTF8'])
    const cyrillic = Buffer.from(
      '\xcf\xf0\xe8\xe2\xe5\xf2\xec\xe8\xf0\xea\xe0\xea\xe4\xe5\xeb\xe0\xf2\xe2\xee\xe8.txt',
      'latin1',
    )
    expect(await damageOf(named([[`${'_'.repeat(20)}.TXT;1`, cyrillic]]))).toEqual([])
  })
})
