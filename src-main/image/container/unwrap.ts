import { matchesAscii } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'
import type { OpenImageOptions } from '../disc-image'
import { openCompressedBlocks } from './compressed-blocks'
import { DiscSource, type DiscLayout } from './disc-layout'
import { TolerantSource } from '../source/tolerant-source'
import { blankSectors, detectSectorLayout, layoutLabel, RawSectorSource } from './raw-sectors'
import { openParts, type Parts } from './split'
import { detectStream, unpackStream } from './stream'
import { readTableOfContents } from './table-of-contents'

/** Containers in containers: a compressed image of raw sectors is two deep. */
const DEPTH_LIMIT = 4

export interface Unwrapped {
  /** The disc as blocks of user data. */
  blocks: ByteSource
  /** Outermost first. */
  containers: string[]
  /** What a table of contents says; null where there is none. */
  layout: DiscLayout | null
  /** Of an image in parts: the part behind the last one that is there. Null for any other image. */
  nextPart: string | null
}

/** Undoes whatever lies around the blocks of a disc. */
export async function unwrap(source: ByteSource, options: OpenImageOptions, log: DiagnosticLog): Promise<Unwrapped> {
  const containers: string[] = []
  let current = source
  let name = options.name
  let nextPart: string | null = null
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    const start = await new TolerantSource(current, log).read(0, 64)
    const stream = await detectStream(new TolerantSource(current, log))
    if (stream !== null) {
      current = await unpackStream(current, stream, { ...options, name }, log)
      containers.push(stream)
      name = name.replace(/\.(gz|xz|zst|bz2)$/i, '')
      continue
    }
    const isCompressed = matchesAscii(start, 0, 'CISO') || matchesAscii(start, 0, 'ZISO')
    const compressed = isCompressed ? await openCompressedBlocks(current) : null
    if (compressed !== null) {
      current = compressed
      containers.push(compressed.format === 'ziso' ? 'zso' : compressed.format === 'ciso2' ? 'cso-2' : 'cso')
      continue
    }
    const parts: Parts | null =
      nextPart !== null || options.openSibling === undefined
        ? null
        : await openParts(current, name, options.openSibling)
    if (parts !== null) {
      nextPart = parts.next
      if (parts.beyond !== null) tellMissing(parts.next, parts.beyond, log)
      if (parts.uneven !== null) tellUneven(parts.uneven, log)
    }
    if (parts?.source) {
      current = parts.source
      containers.push('split')
      continue
    }
    break
  }
  const disc = await readTableOfContents(current, name, options, log)
  if (disc !== null) {
    containers.push(disc.kind)
    const raw = disc.layout.tracks.find((track) => track.layout.stride !== 2048)
    if (raw !== undefined) containers.push(layoutLabel(raw.layout))
    return { blocks: new DiscSource(disc.layout), containers, layout: disc.layout, nextPart }
  }
  const layout = await detectSectorLayout(new TolerantSource(current, log))
  if (layout !== null) {
    containers.push(layoutLabel(layout))
    tellBlank(await blankSectors(new TolerantSource(current, log), layout), log)
    return { blocks: new RawSectorSource(current, layout), containers, layout: null, nextPart }
  }
  if (containers.length === 0) containers.push('plain')
  return { blocks: current, containers, layout: null, nextPart }
}

function tellMissing(missing: string, beyond: string, log: DiagnosticLog): void {
  log.damage(
    'PART_MISSING',
    `“${missing}” is missing, though the set of parts goes on with “${beyond}”: what lies from there on cannot be read. Put it beside the others.`,
  )
}

/** Every byte behind such a part would be taken from the wrong place, and nothing else would show it. */
function tellUneven({ name, byteLength, firstByteLength }: NonNullable<Parts['uneven']>, log: DiagnosticLog): void {
  log.damage(
    'PART_LENGTH',
    `“${name}” has ${byteLength} bytes where the first part has ${firstByteLength}: a part is cut short, or they are in the wrong order. What lies behind it is not where it should be. Get the parts again.`,
  )
}

function tellBlank(sectors: readonly number[], log: DiagnosticLog): void {
  const [first] = sectors
  if (first === undefined) return
  const which = sectors.length === 1 ? `Sector ${first}` : `${sectors.length} sectors from ${first} on`
  log.warn('SECTOR_BLANK', `${which} of the system area cannot have been read: what the file holds is no sector.`)
}
