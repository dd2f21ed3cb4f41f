import iconv from 'iconv-lite'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { listArchive } from '../../../src-renderer/features/preview/archive-listing'
import { detectEncoding, encodingLabel, ENCODINGS } from '../../../src-renderer/base/file-kinds/encoding'
import { undecodable } from '../../../src-renderer/base/file-kinds/preview-kind'

describe('the encoding of a text', () => {
  const japanese = 'はじめに、このディスクの内容を説明します。カタログは次のとおりです。\r\n'.repeat(20)

  it.each(['shift_jis', 'euc-jp'] as const)('is found to be %s by its kana', (encoding) => {
    const bytes = iconv.encode(japanese, encoding)
    expect(detectEncoding(bytes)).toBe(encoding)
    // A sample may end inside a character.
    expect(detectEncoding(bytes.subarray(0, 301))).toBe(encoding)
  })

  it.each([
    'Käsespätzle und Crème brûlée, façon grand-mère, œufs, naïve Ängste, größer, süß. ',
    'El niño añadió más azúcar y jalapeños; ¿quién está aquí? ¡Señor! ',
    'PRÉFACE À L’ÉDITION FRANÇAISE. DÉJÀ VU, ÉTÉ, ÎLE, ÔTÉ. ',
  ])('stays Western where it is: %s', (text) => {
    expect(detectEncoding(iconv.encode(text.repeat(10), 'windows-1252'))).toBe('windows-1252')
  })
})

describe('a single packed file', () => {
  it('is listed with its name and length', async () => {
    const bytes = gzipSync('words '.repeat(1000))
    const read = (offset: number, length: number) =>
      Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length)))
    const { entries } = await listArchive('Packages.gz', bytes.byteLength, read)
    expect(entries).toMatchObject([{ name: 'Packages', byteLength: 6000, packedLength: bytes.byteLength }])
  })

  it('is none without its mark', async () => {
    const read = (_offset: number, length: number) => Promise.resolve(new Uint8Array(length))
    await expect(listArchive('Packages.gz', 100, read)).rejects.toThrow(RangeError)
  })
})

it('what no browser decodes is known by its name', () => {
  expect(['VTS_01_1.VOB', 'clip.avi', 'film.hevc', 'scan.TIFF', 'song.wma', 'film.mp4'].map(undecodable)).toEqual([
    'video',
    'video',
    'video',
    'picture',
    'audio',
    null,
  ])
})

it('every encoding that can be chosen has a name for people', () => {
  expect(ENCODINGS.filter((encoding) => encodingLabel(encoding) === encoding)).toEqual([])
  expect(encodingLabel('ibm866')).toBe('CP 866 (DOS, Cyrillic)')
})
