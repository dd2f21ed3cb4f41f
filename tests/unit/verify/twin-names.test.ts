import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { twinDamage } from '../../../src-main/verify/twin-trees'
import { buildIso, concat, nm, px, SP, utf16Be, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

/** All that reading the trees of an image, and comparing them, finds damaged. */
async function found(bytes: Uint8Array): Promise<string[]> {
  const image = await openBytes(bytes)
  const messages: string[] = []
  for (const { id } of image.info.views)
    for (const { message } of await twinDamage(image, id, await image.view(id).readTree())) messages.push(message)
  messages.push(...image.diagnostics.filter(({ severity }) => severity === 'damage').map(({ message }) => message))
  await image.close()
  return [...new Set(messages)]
}

/** One file in two trees, with others in both. @param rockRidge the name that its identifier is recorded with */
function twins(identifier: string, joliet: string, rockRidge?: string): Uint8Array {
  const node = (name: string | Uint8Array, data: string, own?: string): BuildNode =>
    own === undefined || rockRidge === undefined ? { name, data } : { name, data, use: concat(px(0o100644), nm(own)) }
  const others = ['b', 'c', 'd', 'e', 'f'].map((name) => `zz${name}`)
  const primary = [
    node(identifier, 'it', rockRidge),
    ...others.map((name) => node(`${name.toUpperCase()}.;1`, name, name)),
  ]
  const tree = [node(utf16Be(joliet), 'it'), ...others.map((name) => node(utf16Be(name), name))]
  const rootUse = rockRidge === undefined ? undefined : concat(SP, px(0o40755))
  return buildIso(primary, rootUse === undefined ? { joliet: tree } : { joliet: tree, rootUse }).bytes
}

describe('a name of Joliet is of the file', () => {
  test.each([
    ['a.b;c.d', 'a.b_c.d'],
    ['a;b;c.d', 'a_b_c.d'],
    ['x?y*z\\.d', 'x_y_z_.d'],
    ['a_b_c;d.e', 'a.b.c_d.e'],
    ['\x01A', '_a'],
  ])('that genisoimage has recorded as it was, “%s”', async (identifier, joliet) => {
    expect(await found(twins(identifier, joliet))).toEqual([])
  })

  test.each([
    ['NIMBIE.JPG;1', 'nimbié.jpg'],
    ['AAAA.JPG;1', 'áaaa.jpg'],
    ['NIMBI_.JPG;1', 'nimbiê.jpg'],
    ['SMOR.TXT;1', 'smör.txt'],
    ['SMORREBR.TXT;1', 'smørrebrød.txt'],
  ])('whose accents were left out: “%s”', async (identifier, joliet) => {
    expect(await found(twins(identifier, joliet))).toEqual([])
  })

  test.each([
    ['A_B0.;1', 'a_b0', 'a*b'],
    ['A_B5.;1', 'a_b5', 'a_b'],
    ['A_B1.TXT;1', 'a_b1.txt', 'a?b.txt'],
    ['A_B_1.;1', 'a_b.c1', 'a?b.c'],
  ])('that libisofs has numbered, since characters of it were replaced: “%s”', async (identifier, joliet, name) => {
    expect(await found(twins(identifier, joliet, name))).toEqual([])
  })
})

describe('another name in Joliet is damage', () => {
  test.each([
    ['a.b;c.d', 'a.b_c.e'],
    ['a.b;cdefg.d', 'a.bxcdefg.d'],
    ['lib\x7fso.d', 'lib_so.d'],
    ['NIMBIE.JPG;1', 'nimbie.\xeapg'],
    ['NIMBIE.JPG;1', 'nimbie.\u406apg'],
  ])('beside an identifier: “%s”', async (identifier, joliet) => {
    expect(await found(twins(identifier, joliet))).not.toEqual([])
  })

  test.each([
    ['AB1.;1', 'ab1', 'ab'],
    ['WOODEN_D.;1', 'wooden d_or', 'wooden dOor'],
    ['WOODEN_D.;1', 'wooden dOor', 'wooden d_or'],
    ['READ_ME.;1', 'read_me_', 'read_meW'],
    // The second byte of a character of UCS-2, and the first.
    ['TRACK_01.;1', 'track_°1', 'track_01'],
    ['TRACK_01.;1', 'track_0\u0831', 'track_01'],
  ])('beside Rock Ridge: “%s”', async (identifier, joliet, name) => {
    expect(await found(twins(identifier, joliet, name))).not.toEqual([])
  })
})

describe('genisoimage', () => {
  const NAMES = [
    ...[
      'a.b;c.d',
      'b.txt',
      'a;b.c;d',
      'x;12',
      'y;1',
      'z;1.txt',
      ';lead',
      'trail;',
      'dd;;ee',
      'm;1;2',
      'n;12.x',
      'q.;1',
    ],
    ...[
      'a.b.c;d.e',
      'two  spaces',
      'é;ü.å',
      '日本;字.txt',
      'a?b',
      'a*b',
      'UPPER.lower',
      `${'long'.repeat(12)};name.text`,
    ],
  ]

  function made(options: readonly string[]): Uint8Array {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    fs.mkdirSync(source)
    for (const name of NAMES) fs.writeFileSync(path.join(source, name), `content of ${name}`)
    const out = path.join(folder, 'out.iso')
    // Of ISO 9660:1999 it takes no names in UTF-8, and records their bytes.
    const charset = options.includes('-iso-level') ? [] : ['-input-charset', 'utf-8']
    run('genisoimage', ['-quiet', ...charset, ...options, '-o', out, source])
    return fs.readFileSync(out)
  }

  for (const options of [
    ...[
      ['-iso-level', '4'],
      ['-iso-level', '4', '-r'],
      ['-iso-level', '4', '-J'],
      ['-U', '-r', '-J'],
      ['-U', '-J'],
    ],
    ...[
      ['-relaxed-filenames', '-allow-lowercase', '-allow-multidot', '-l', '-J'],
      ['-N', '-d', '-J'],
      ['-r', '-J'],
    ],
  ])
    itWith('genisoimage', `records no name that is damaged, with ${options.join(' ')}`, async () => {
      expect(await found(made(options))).toEqual([])
    })
})
