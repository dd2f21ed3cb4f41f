import { expect, test } from 'vitest'
import { identifyImage } from '../../../src-main/identify/identify'
import { namedIso, type NamedTree } from '../../images/named-iso'
import { openBytes } from '../../images/open-bytes'

async function summaryOf(tree: NamedTree, systemArea = ''): Promise<string> {
  const bytes = namedIso(tree)
  bytes.set(Buffer.from(systemArea, 'latin1'))
  const image = await openBytes(bytes)
  const { kind, summary } = await identifyImage(image)
  await image.close()
  return `${kind}: ${summary}`
}

/** `PARAM.SFO` as consoles have it, its texts padded to multiples of four. */
function parameters(values: Record<string, string>): Buffer {
  const names = Object.keys(values)
  const keys = Buffer.from(`${names.join('\0')}\0`.padEnd(64, '\0'))
  const texts = names.map((name) => {
    const field = Buffer.alloc(64)
    field.write(values[name] ?? '')
    return field
  })
  const header = Buffer.alloc(20 + names.length * 16)
  header.write('\0PSF', 'latin1')
  header.writeUInt32LE(0x101, 4)
  header.writeUInt32LE(header.byteLength, 8)
  header.writeUInt32LE(header.byteLength + keys.byteLength, 12)
  header.writeUInt32LE(names.length, 16)
  let key = 0
  for (const [index, name] of names.entries()) {
    const at = 20 + index * 16
    header.writeUInt16LE(key, at)
    header.writeUInt16LE(0x0204, at + 2)
    header.writeUInt32LE(Buffer.byteLength(values[name] ?? '') + 1, at + 4)
    header.writeUInt32LE(64, at + 8)
    header.writeUInt32LE(index * 64, at + 12)
    key += name.length + 1
  }
  return Buffer.concat([header, keys, ...texts])
}

const sfo = parameters({ TITLE: 'Überfall™', TITLE_ID: 'BLES00123' })

test.each<[string, NamedTree]>([
  ['dvd-video: DVD-Video', { VIDEO_TS: { 'VIDEO_TS.IFO': 'x' } }],
  ['blu-ray: Blu-ray film', { BDMV: { 'index.bdmv': 'x' } }],
  ['vcd: Video CD', { VCD: { 'INFO.VCD': 'x' } }],
  ['svcd: Super Video CD', { SVCD: { 'INFO.SVD': 'x' } }],
  ['dvd-audio: DVD-Audio', { AUDIO_TS: { 'AUDIO_TS.IFO': 'x' } }],
  ['xbox: Xbox game', { 'default.xbe': 'x' }],
  ['playstation: PlayStation game SLUS-01234', { 'SYSTEM.CNF': 'BOOT = cdrom:\\SLUS_012.34;1\r\n' }],
  ['playstation: PlayStation 2 game SLES-50123', { 'SYSTEM.CNF': 'BOOT2 = cdrom0:\\SLES_501.23;1\r\n' }],
  [
    'playstation: PSP game ULUS-10041 “Überfall™”',
    { 'UMD_DATA.BIN': 'ULUS-10041|1234|0001|G', PSP_GAME: { 'PARAM.SFO': sfo } },
  ],
  [
    'playstation: PlayStation 3 game BLES00123 “Überfall™”',
    { 'PS3_DISC.SFB': '.SFB\0', PS3_GAME: { 'PARAM.SFO': sfo } },
  ],
  ['null: ', { 'UMD_DATA.BIN': 'no game beside it' }],
  ['null: ', { 'PS3_DISC.SFB': 'something else' }],
])('%s is told by its own files', async (expected, tree) => {
  expect(await summaryOf(tree)).toBe(expected)
})

test.each([
  ['sega: Dreamcast game MK-51000 “SONIC ADVENTURE”', 0x40, 'MK-51000', 0x80, 'SONIC ADVENTURE', 'SEGA SEGAKATANA '],
  ['sega: Saturn game GS-9001 “PANZER”', 0x20, 'GS-9001', 0x60, 'PANZER', 'SEGA SEGASATURN '],
  ['sega: Mega-CD game T-32014-00 “CLIFFHANGER”', 0x183, 'T-32014-00', 0x150, 'CLIFFHANGER', 'SEGADISCSYSTEM  '],
])('%s is told by its system area', async (expected, serialAt, serial, titleAt, title, mark) => {
  const area = Buffer.alloc(512, ' ')
  area.write(mark)
  area.write(serial, serialAt)
  area.write(title, titleAt)
  expect(await summaryOf({ '1ST_READ.BIN': 'x' }, area.toString('latin1'))).toBe(expected)
})

test('lists that lie end nowhere and hold nothing up', async () => {
  const lying = Buffer.from(sfo)
  lying.writeUInt32LE(0xffffffff, 16)
  lying.writeUInt32LE(0xfffffff0, 12)
  const tree = { 'PS3_DISC.SFB': '.SFB', PS3_GAME: { 'PARAM.SFO': lying } }
  expect(await summaryOf(tree)).toMatch(/^playstation: PlayStation 3 game/)
})
