import type { ImageView } from '../image'
import { readShort, readText, said, type Said } from './said'

type Look = (view: ImageView) => Promise<Said | null>

/** Discs that are known by a file which every one of their kind has: the file, the kind, and its name. */
const FILES: readonly (readonly [path: string, kind: string, name: string])[] = [
  ['VIDEO_TS/VIDEO_TS.IFO', 'dvd-video', 'DVD-Video'],
  ['BDMV/index.bdmv', 'blu-ray', 'Blu-ray film'],
  ['AUDIO_TS/AUDIO_TS.IFO', 'dvd-audio', 'DVD-Audio'],
  ['DVD_RTAV/VR_MANGR.IFO', 'dvd-vr', 'DVD-VR recording'],
  ['SVCD/INFO.SVD', 'svcd', 'Super Video CD'],
  ['VCD/INFO.VCD', 'vcd', 'Video CD'],
  ['default.xbe', 'xbox', 'Xbox game'],
  ['default.xex', 'xbox', 'Xbox 360 game'],
]

/** `SYSTEM.CNF`: `BOOT = cdrom:\SLUS_012.34;1` on the first PlayStation, `BOOT2 = cdrom0:\…` on the second. */
async function playstation(view: ImageView): Promise<Said | null> {
  const text = await readText(view, 'SYSTEM.CNF')
  const boot = text === null ? null : /^\s*BOOT(2?)\s*=\s*cdrom0?:\\*([^;\s]+)/im.exec(text)
  if (!boot) return null
  const name = boot[1] === '2' ? 'PlayStation 2 game' : 'PlayStation game'
  const serial = (boot[2] ?? '').replace('_', '-').replace('.', '')
  return said('SYSTEM.CNF', 'playstation', `${name} ${serial}`, name, serial)
}

/** `UMD_DATA.BIN` of a disc for the PlayStation Portable: `ULUS-10041|…`. */
async function portable(view: ImageView): Promise<Said | null> {
  const text = await readText(view, 'UMD_DATA.BIN')
  if (text === null || (await view.lookup('PSP_GAME')) === null) return null
  return game('UMD_DATA.BIN', 'PSP game', text.split('|')[0]?.trim() ?? '', await titleIn(view, 'PSP_GAME/PARAM.SFO'))
}

/** `PS3_DISC.SFB` marks a disc for the third PlayStation; its `PARAM.SFO` has title and number. */
async function third(view: ImageView): Promise<Said | null> {
  const bytes = await readShort(view, 'PS3_DISC.SFB')
  if (bytes === null || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '.SFB') return null
  const parameters = parameterFile(await readShort(view, 'PS3_GAME/PARAM.SFO'))
  return game('PS3_DISC.SFB', 'PlayStation 3 game', parameters.get('TITLE_ID') ?? '', parameters.get('TITLE') ?? '')
}

function game(where: string, name: string, serial: string, title: string): Said {
  const words = [name, serial, title === '' ? '' : `“${title}”`].filter((word) => word !== '')
  return said(where, 'playstation', words.join(' '), name, serial === '' ? null : serial)
}

async function titleIn(view: ImageView, path: string): Promise<string> {
  return parameterFile(await readShort(view, path)).get('TITLE') ?? ''
}

/** The texts of a `PARAM.SFO`: a table of keys and a table of values, both named by places in the header. */
function parameterFile(bytes: Uint8Array | null): Map<string, string> {
  const values = new Map<string, string>()
  if (bytes === null || bytes.byteLength < 20) return values
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.toString('latin1', 0, 4) !== '\0PSF') return values
  const [keys, data, count] = [file.readUInt32LE(8), file.readUInt32LE(12), file.readUInt32LE(16)]
  for (let at = 20; at + 16 <= Math.min(file.byteLength, 20 + count * 16); at += 16) {
    if (file.readUInt16LE(at + 2) !== TEXT_VALUE) continue
    const from = data + file.readUInt32LE(at + 12)
    const key = textAt(file, keys + file.readUInt16LE(at), file.byteLength)
    values.set(key, textAt(file, from, from + file.readUInt32LE(at + 4)).trim())
  }
  return values
}

/** UTF-8 that ends with a zero. */
const TEXT_VALUE = 0x0204

function textAt(file: Buffer, from: number, to: number): string {
  return file.toString('utf8', from, Math.min(to, file.byteLength)).replace(/\0[^]*$/, '')
}

const byFile =
  ([path, kind, name]: (typeof FILES)[number]): Look =>
  async (view) =>
    (await view.lookup(path)) === null ? null : said(path, kind, name, name)

/** Films, music and games for players and consoles. */
export const MARKERS: readonly Look[] = [...FILES.map(byFile), playstation, portable, third]
