import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DataStart } from '../../core/data-start'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { blockSizeOf, readIsoVolume, type IsoVolume } from './iso-volume'
import { SECTOR_LENGTH, SYSTEM_AREA_SECTORS } from './volume-descriptor'

const SESSION_LIMIT = 99
/** Lead-out, lead-in and pregap between sessions of a CD: 11 400 sectors after the first, 6 900 after others. */
const GAPS = [0, 150, 6900, 11_250, 11_400]
/** xorriso keeps the first session's own descriptors behind a copy of the newest ones. */
const XORRISO_FIRST_SESSION = 32

export interface Sessions {
  /** By address. One where the image has just one. */
  volumes: IsoVolume[]
  /** Index of the one shown first; −1 where there is none. */
  defaultIndex: number
}

/**
 * The sessions of an image. `tocStarts`: the data tracks of a table of contents, any of which may hold a volume; without
 * one, volumes are looked for behind one another, where writers put them.
 */
export async function findSessions(
  source: ByteSource,
  tocStarts: readonly DataStart[] | null,
  log: DiagnosticLog,
): Promise<Sessions> {
  if (tocStarts !== null) {
    const found: { volume: IsoVolume; session: number }[] = []
    for (const { sector, session } of tocStarts) {
      const volume = await readIsoVolume(source, sector * SECTOR_LENGTH, log)
      if (volume !== null) found.push({ volume, session })
    }
    const volumes = found.map(({ volume }) => volume)
    if (volumes.length > 0) return { volumes, defaultIndex: await newestWithContent(source, found) }
  }
  const main = await readIsoVolume(source, 0, log)
  if (main === null) return { volumes: [], defaultIndex: -1 }
  const emulated = await sessionAt(source, XORRISO_FIRST_SESSION, log)
  const first = emulated ?? main
  const volumes = [first]
  for (let last = first; volumes.length < SESSION_LIMIT;) {
    const next = await nextSession(source, last, log)
    if (next === null) break
    volumes.push(next)
    last = next
  }
  const own = volumes.findIndex((volume) => rootOf(volume) === rootOf(main))
  if (own < 0) return { volumes: [main, ...volumes.filter((volume) => volume !== main)], defaultIndex: 0 }
  // The descriptors at sector 16 are a copy of this session's: it is the same one.
  volumes[own] = main
  return { volumes, defaultIndex: own }
}

/** The first volume of the last session, or whichever comes nearest to it and is not empty. */
async function newestWithContent(
  source: ByteSource,
  found: readonly { volume: IsoVolume; session: number }[],
): Promise<number> {
  const order = found
    .map(({ session }, index) => ({ session, index }))
    .sort((a, b) => b.session - a.session || a.index - b.index)
  for (const { index } of order) {
    const volume = found[index]?.volume
    if (found.length === 1 || (volume !== undefined && (await holdsSomething(source, volume)))) return index
  }
  return order[0]?.index ?? 0
}

/** Whether the root directory has a record behind those of itself and its parent. */
async function holdsSomething(source: ByteSource, volume: IsoVolume): Promise<boolean> {
  const tree = volume.primary ?? volume.joliet ?? volume.enhanced
  if (tree === null) return false
  const block = tree.rootLocation + tree.rootXarLength + volume.blockDelta
  const bytes = await source.read(block * blockSizeOf(tree), SECTOR_LENGTH)
  const own = bytes[0] ?? 0
  const both = own + (bytes[own] ?? 0)
  return own >= 34 && (bytes[both] ?? 0) >= 34
}

function rootOf(volume: IsoVolume): number {
  const tree = volume.primary ?? volume.joliet ?? volume.enhanced
  return tree === null ? -1 : tree.rootLocation + volume.blockDelta
}

async function nextSession(source: ByteSource, last: IsoVolume, log: DiagnosticLog): Promise<IsoVolume | null> {
  const tree = last.primary ?? last.joliet
  if (tree === null) return null
  const start = last.sessionStart / SECTOR_LENGTH
  const sectors = Math.ceil((tree.volumeSpaceSize * blockSizeOf(tree)) / SECTOR_LENGTH)
  const tried = new Set<number>()
  // Some writers count the volume's size from its session, some from the start of the disc.
  for (const end of [start + sectors, sectors]) {
    for (const gap of GAPS) {
      for (const alignment of [1, 16, 32]) {
        const candidate = Math.ceil((end + gap) / alignment) * alignment
        if (candidate <= start + SYSTEM_AREA_SECTORS || tried.has(candidate)) continue
        tried.add(candidate)
        const found = await sessionAt(source, candidate, log)
        if (found !== null) return found
      }
    }
  }
  return null
}

async function sessionAt(source: ByteSource, sector: number, log: DiagnosticLog): Promise<IsoVolume | null> {
  const byteOffset = (sector + SYSTEM_AREA_SECTORS) * SECTOR_LENGTH
  if (byteOffset + SECTOR_LENGTH > source.byteLength) return null
  const start = await source.read(byteOffset, 8)
  if (start[0] !== 1 || !matchesAscii(start, 1, 'CD001')) return null
  return readIsoVolume(source, sector * SECTOR_LENGTH, log)
}
