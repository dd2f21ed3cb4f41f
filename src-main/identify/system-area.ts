import type { ByteSource } from '../image/core/byte-source'
import { said, type Said } from './said'

const SECTOR = 2048
/** Where the area of high density of a GD-ROM begins, in sectors. */
const HIGH_DENSITY = 45_000
const AREA_LENGTH = 512

/** Consoles start from the system area (ECMA-119 6.2.1), and have a name in it that nothing else has. Places in bytes. */
interface Console {
  mark: string
  name: string
  serial: readonly [at: number, byteLength: number]
  title: readonly [at: number, byteLength: number]
}

const CONSOLES: readonly Console[] = [
  { mark: 'SEGA SEGAKATANA ', name: 'Dreamcast game', serial: [0x40, 10], title: [0x80, 128] },
  { mark: 'SEGA SEGASATURN ', name: 'Saturn game', serial: [0x20, 10], title: [0x60, 112] },
  { mark: 'SEGADISCSYSTEM  ', name: 'Mega-CD game', serial: [0x183, 11], title: [0x150, 48] },
]

/** What a console would read first of a disc. */
export async function readSystemArea(blocks: ByteSource): Promise<Said | null> {
  for (const start of [0, HIGH_DENSITY * SECTOR]) {
    if (start >= blocks.byteLength) continue
    const area = await textOf(blocks, start)
    const found = CONSOLES.find(({ mark }) => area.startsWith(mark))
    if (found === undefined) continue
    const text = ([at, length]: readonly [number, number]): string => {
      const words = area
        .slice(at, at + length)
        .replace(/[\0\s]+/g, ' ')
        .trim()
      return /^[\x20-\x7e]*$/.test(words) ? words : ''
    }
    const [serial, title] = [text(found.serial), text(found.title)]
    const words = [found.name, serial, title === '' ? '' : `“${title}”`].filter((word) => word !== '')
    return said('system area', 'sega', words.join(' '), found.name, serial === '' ? null : serial)
  }
  return null
}

/** Empty where it cannot be read: that says nothing of the disc. */
async function textOf(blocks: ByteSource, byteOffset: number): Promise<string> {
  try {
    return Buffer.from(await blocks.read(byteOffset, AREA_LENGTH)).toString('latin1')
  } catch {
    return ''
  }
}
