import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { detectEncoding } from '../../../src-renderer/base/file-kinds/encoding'
import { TextLines } from '../../../src-renderer/features/preview/text-lines'

const utf8 = (text: string) => new TextEncoder().encode(text)
const bytes = (...values: number[]) => new Uint8Array(values)

test.each([
  ['plain ASCII', utf8('hello'), 'utf-8'],
  ['UTF-8', utf8('grün 味噌'), 'utf-8'],
  ['UTF-8 cut inside a sign', utf8('grün 味噌').subarray(0, -1), 'utf-8'],
  ['a UTF-8 mark', bytes(0xef, 0xbb, 0xbf, 65), 'utf-8'],
  ['a UTF-16 mark', bytes(0xff, 0xfe, 65, 0), 'utf-16le'],
  ['the other UTF-16 mark', bytes(0xfe, 0xff, 0, 65), 'utf-16be'],
  ['UTF-16 without a mark', bytes(65, 0, 66, 0, 67, 0, 10, 0), 'utf-16le'],
  ['Western', bytes(103, 114, 0xfc, 110, 32, 97), 'windows-1252'],
  ['no text', bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0), null],
  ['many control signs', bytes(1, 2, 3, 4, 65, 66), null],
] as const)('takes %s for what it is', (_name, sample, encoding) => {
  expect(detectEncoding(sample)).toBe(encoding)
})

const RUSSIAN = 'Привет!\nЭта программа читает образы дисков.\nУстановка: запустите файл.\n'
const CZECH = 'Příliš žluťoučký kůň úpěl ďábelské ódy.\nTento program čte obrazy disků.\n'
test.each([
  ['windows-1251', RUSSIAN],
  ['koi8-u', RUSSIAN],
  ['ibm866', RUSSIAN.replaceAll('\n', '\r\n')],
  ['iso-8859-5', RUSSIAN],
  ['windows-1250', CZECH],
  ['iso-8859-2', CZECH],
  ['windows-1253', 'Αυτό το πρόγραμμα διαβάζει εικόνες δίσκων.\n'],
  ['windows-1254', 'Bu program disk görüntülerini okur ve değiştirir; şimdi açın.\n'],
  ['gb18030', '这个程序用来打开光盘映像文件，使用说明请看文档。\n'],
  ['euc-kr', '이 프로그램은 디스크 이미지를 엽니다. 설치하려면 실행하세요.\n'],
  ['windows-1252', 'Ce logiciel lit les images de disque à l’aide de la méthode décrite.\n'],
] as const)('tells a text in %s by its lines', (encoding, text) => {
  expect(detectEncoding(new Uint8Array(iconv.encode(text, encoding)))).toBe(encoding)
})

function linesOf(pieces: Uint8Array[]): string[] {
  const text = new TextLines('utf-8')
  for (const [index, piece] of pieces.entries()) text.add(piece, index === pieces.length - 1)
  return text.lines
}

test('lines end in any way, wherever the pieces are cut', () => {
  const all = utf8('a\r\nü\n\nb\rc\n')
  for (let cut = 0; cut <= all.byteLength; cut++)
    expect(linesOf([all.subarray(0, cut), all.subarray(cut)]), String(cut)).toEqual(['a', 'ü', '', 'b', 'c'])
})

test('a last line without an end is a line, and an endless one is cut', () => {
  expect(linesOf([utf8('a\nb')])).toEqual(['a', 'b'])
  expect(linesOf([utf8('x'.repeat(2_500))]).map((line) => line.length)).toEqual([1_000, 1_000, 500])
})
