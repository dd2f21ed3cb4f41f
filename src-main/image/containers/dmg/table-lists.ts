import { ByteReader, latin1, readU24Be } from '../../core/byte-reader'

/** A block table as a list keeps it. */
export interface ListedTable {
  /** Empty where it cannot be read. */
  bytes: Uint8Array
  /** As the disk's maker has named what the table covers; may be empty. */
  name: string
}

/** Of every resource that is a block table. */
const TYPE = 'blkx'
const NO_NAME = 0xffff
const FORK_HEADER_LENGTH = 16
const MAP_HEADER_LENGTH = 30
const REFERENCE_LENGTH = 12

/** The tables in the property list: one for each partition, in Base64. */
export function tablesInXml(xml: string): ListedTable[] {
  const section = /<key>blkx<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(xml)?.[1] ?? ''
  return Array.from(section.matchAll(/<key>Data<\/key>\s*<data>([\s\S]*?)<\/data>/g), (found) => {
    const [all, base64 = ''] = found
    // What follows a character that is none of Base64's is shifted against its bytes.
    const [sound = ''] = /^[A-Za-z0-9+/\s]*/.exec(base64) ?? []
    return { bytes: Buffer.from(sound, 'base64'), name: nameBehind(section, found.index + all.length) }
  })
}

/**
 * The tables in a resource fork, where older programs put them alone and newer ones beside the property list (Inside
 * Macintosh: More Macintosh Toolbox, “Resource File Format”; big-endian).
 */
export function tablesInFork(fork: Uint8Array): ListedTable[] {
  const reader = new ByteReader(fork)
  if (!reader.has(0, FORK_HEADER_LENGTH)) return []
  const [dataAt, mapAt] = [reader.u32Be(0), reader.u32Be(4)]
  if (!reader.has(mapAt, MAP_HEADER_LENGTH)) return []
  const typesAt = mapAt + reader.u16Be(mapAt + 24)
  const namesAt = mapAt + reader.u16Be(mapAt + 26)
  // Counts are of one fewer.
  const typeCount = (reader.u16Be(typesAt) + 1) & 0xffff
  const tables: ListedTable[] = []
  for (let index = 0; index < typeCount; index++) {
    const at = typesAt + 2 + index * 8
    if (!reader.has(at, 8)) break
    if (!reader.matches(at, TYPE)) continue
    const referencesAt = typesAt + reader.u16Be(at + 6)
    for (let number = 0; number <= reader.u16Be(at + 4); number++) {
      const reference = referencesAt + number * REFERENCE_LENGTH
      if (!reader.has(reference, REFERENCE_LENGTH)) return tables
      const place = dataAt + readU24Be(fork, reference + 5)
      const length = reader.has(place, 4) ? reader.u32Be(place) : 0
      const nameAt = namesAt + reader.u16Be(reference + 2)
      const isNamed = reader.u16Be(reference + 2) !== NO_NAME && reader.has(nameAt, 1)
      tables.push({
        bytes: reader.has(place + 4, length) ? fork.subarray(place + 4, place + 4 + length) : new Uint8Array(),
        name: isNamed ? latin1(fork.subarray(nameAt + 1, nameAt + 1 + (fork[nameAt] ?? 0))) : '',
      })
    }
  }
  return tables
}

/** The name of the part whose table ends at `end` of the list: keys are in the order of the alphabet. */
function nameBehind(list: string, end: number): string {
  const next = list.indexOf('<key>Data</key>', end)
  const rest = list.slice(end, next < 0 ? undefined : next)
  const name = /<key>Name<\/key>\s*<string>([^<]*)<\/string>/.exec(rest)?.[1] ?? ''
  const unescaped = name.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? '')
  return unescaped.trim()
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
