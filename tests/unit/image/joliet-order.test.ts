import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { damages, openBytes, pathsOf } from '../../images/open-bytes'
import { buildIso, utf16Be } from '../../images/iso-builder'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const GENISOIMAGE = 'GENISOIMAGE ISO 9660/HFS FILESYSTEM CREATOR'

/** A Joliet tree of files, recorded in this order, beside the same files under names that tell nothing. */
function joliet(names: readonly string[], application = ''): Uint8Array {
  const contents = names.map((name, index) => `content ${index} of ${name}`)
  const plain = contents.map((data, index) => ({ name: `F${String(index).padStart(4, '0')}.;1`, data }))
  const tree = contents.map((data, index) => ({ name: utf16Be(names[index] ?? ''), data }))
  const patchDescriptor = (descriptor: Uint8Array, index: number): void => {
    if (index === 0) Buffer.from(descriptor.buffer, descriptor.byteOffset).write(application.padEnd(128), 574, 'latin1')
  }
  return buildIso(plain, { joliet: tree, patchDescriptor }).bytes
}

async function damageOf(bytes: Uint8Array): Promise<string[]> {
  const image = await openBytes(bytes)
  await image.view('joliet').readTree()
  return damages(image)
}

describe('a Joliet directory whose names were sorted before characters of them were replaced is in order', () => {
  test.each([
    ['`;` first of all, as genisoimage has it', ['Artist_Title.mp3', 'ArtistZ.mp3', 'More.mp3', 'Other.mp3']],
    ['`;` at the beginning', ['_.{.txt', '_@_.JPG', 'TRANS.TBL', 'a', 'b']],
    ['`;` last of the directory', ['More.mp3', 'Other.mp3', 'x_a', 'xA']],
    ['`;` behind a name that ends there', ['a', 'ab', 'ab_c', 'abA', 'abB', 'c']],
    ['`?` in its place, as mkisofs of 1998 has it', ['a1', 'a9', 'a_x', 'aB', 'aC', 'b']],
  ])('%s', async (_, names) => {
    expect(await damageOf(joliet(names))).toEqual([])
  })

  test.each([
    ['nothing behind two `;` being looked at', ['Artist_Zulu', 'Artist_alpha', 'Artist_Mike', 'b', 'zz']],
    ['the same with numbers', ['a', 'x_3', 'x_1', 'x_2', 'xA', 'y']],
  ])('%s, in an image of genisoimage', async (_, names) => {
    expect(await damageOf(joliet(names, GENISOIMAGE))).toEqual([])
    // In one of another writer the same is damage: names often begin alike, with a `_` that is none but itself.
    expect(new Set(await damageOf(joliet(names)))).toEqual(new Set(['RECORDS_NOT_IN_ORDER']))
  })
})

describe('a Joliet name that changed is damage', () => {
  const PLAIN = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot']

  test.each([
    ['without any `_`', [...PLAIN.slice(0, 3), 'Delta', ...PLAIN.slice(4)]],
    ['beside a `_` that has its own place', ['alpha', 'lib-a', 'libAa', 'lib_b', 'libBa', 'libba', 'libca', 'z']],
    ['with a `_` that nothing replaced fits', ['alpha', 'libM', 'lib_', 'libN', 'libO', 'z']],
    ['with a `_` in front of a name that ends', ['alpha', 'lib_', 'lib', 'libO', 'z']],
    ['behind a `_`, in an image of another writer', ['a', 'img_001', 'img_012', 'img_003', 'img_004', 'z']],
  ])('%s', async (_, names) => {
    expect(await damageOf(joliet(names))).toEqual(['RECORDS_NOT_IN_ORDER'])
  })

  test.each([
    ['behind a `_` that has its own place', ['alpha', 'libA', 'lib_b', 'lib_a', 'liba', 'libb']],
    ['from a `_` to what controls something', ['alpha', 'x_1', 'x\x1f2', 'x_3', 'y']],
  ])('%s, in an image of genisoimage', async (_, names) => {
    expect(await damageOf(joliet(names, GENISOIMAGE))).toEqual(['RECORDS_NOT_IN_ORDER'])
  })
})

describe('names that are one in Joliet', () => {
  test('are told apart, and that is told, where genisoimage has replaced characters of them', async () => {
    const image = await openBytes(joliet(['a_b', 'a_b', 'c'], GENISOIMAGE))
    expect(await pathsOf(image, 'joliet')).toEqual(['a_b', 'a_b~2', 'c'])
    expect(damages(image)).toEqual([])
    expect(image.diagnostics.filter(({ code }) => code === 'NAMES_ALIKE').map(({ severity }) => severity)).toEqual([
      'warning',
    ])
  })

  test.each([
    ['in which nothing was replaced', ['a-b', 'a-b', 'c'], GENISOIMAGE],
    ['of another writer', ['a_b', 'a_b', 'c'], ''],
  ])('%s are damage', async (_, names, application) => {
    expect(await damageOf(joliet(names, application))).toEqual(['NAME_TWICE'])
  })
})

describe('genisoimage', () => {
  const NAMES = [
    ...['Artist;Title.mp3', 'ArtistZ.mp3', 'More.mp3', 'Other.mp3', ';lead', 'trail;', 'a;;b', 'aB', 'lib_a', 'libA'],
    ...['what?.txt', 'what*.txt', 'what!.txt', 'time 12:30', 'back\\slash', 'tab\tin it', 'a', 'Album;3', 'Album;1'],
  ]

  function made(options: readonly string[]): Uint8Array {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    fs.mkdirSync(source)
    for (const name of NAMES) fs.writeFileSync(path.join(source, name), `content of ${name}`)
    const out = path.join(folder, 'out.iso')
    run('genisoimage', ['-quiet', ...options, '-o', out, source])
    return fs.readFileSync(out)
  }

  for (const options of [['-J'], ['-r', '-J'], ['-J', '-A', 'My disc'], ['-J', '-input-charset', 'iso8859-1']])
    itWith('genisoimage', `sorts by what names were, with ${options.join(' ')}`, async () => {
      const image = await openBytes(made(options))
      expect((await pathsOf(image, 'joliet')).length).toBe(NAMES.length)
      expect(damages(image)).toEqual([])
    })
})
