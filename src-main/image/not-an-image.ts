import { because, saidOf } from '../../src-shared/model'
import { ByteReader, readU16Le } from './core/byte-reader'
import { MemoryByteSource, SourceError, type ByteSource } from './core/byte-source'
import { DiagnosticLog } from './core/diagnostic-log'
import { NotAnImageError } from './core/disc-image'
import { Likelihood } from './core/likelihood'
import { lookAt } from './containers/container'
import { isLaterPart } from './later-part'
import { CONTAINERS } from './containers/registry'
import { VOLUME_HEAD_LENGTH, type Volume } from './filesystems/file-system'
import { FILE_SYSTEMS } from './filesystems/registry'
import { looksLike, type Likeness } from './looks-like'
import { nameUnsupported, type Unsupported } from './unsupported-formats'
import { VOLUME_MAPS } from './volumes/registry'

/** What sectors of a CD begin with (ECMA-130 14.1), wherever the first of them stands. */
const SYNC = '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0'

/**
 * Looks at the beginning of what a stream unpacks to, before all of it is written anywhere.
 * @param name the compressed file's, for the sentence
 * @param room what of the sentence says how much room there is; may be empty
 * @throws {NotAnImageError} where no image begins like this
 */
export async function assertBeginsLikeImage(bytes: Uint8Array, name: string, room: string): Promise<void> {
  const source = new MemoryByteSource(bytes)
  if (await beginsLikeImage(source, bytes)) return
  const unsupported = await nameUnsupported(source)
  if (unsupported !== null)
    throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” ${unsupported.rest}`, unsupported.why(name))
  throw new NotAnImageError(
    'NOT_AN_IMAGE',
    `“${name}” is not a disc image: what it unpacks to ${(await looksLike(source)).rest}. It was not unpacked further${room}.`,
    because('packsNoImage', { name }),
  )
}

async function beginsLikeImage(source: ByteSource, bytes: Uint8Array): Promise<boolean> {
  // Boot sectors of file systems that are not read, and partitioned disks, by the end of their first block.
  if (readU16Le(bytes, 510) === 0xaa55) return true
  const look = await lookAt(source, '', new DiagnosticLog())
  if (CONTAINERS.some((container) => container.probe(look) === Likelihood.sure)) return true
  const head = new ByteReader(bytes)
  if (VOLUME_MAPS.some((map) => map.probe(head) === Likelihood.sure)) return true
  const volume: Volume = {
    isWhole: true,
    source,
    structures: source,
    byteOffset: 0,
    limit: Infinity,
    label: '',
    head: bytes.subarray(0, VOLUME_HEAD_LENGTH),
  }
  if (FILE_SYSTEMS.some((fileSystem) => fileSystem.probe(volume) === Likelihood.sure)) return true
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const marks = [SYNC, ...FILE_SYSTEMS.flatMap((fileSystem) => fileSystem.marks ?? [])]
  return marks.some((mark) => buffer.includes(mark, 0, 'latin1')) || hasUdfAnchor(bytes)
}

/** ECMA-167 3/10.2: tag 2 at block 256, its own number in it. Media that were never closed have nothing else. */
function hasUdfAnchor(bytes: Uint8Array): boolean {
  return [512, 1024, 2048, 4096].some((size) => {
    const at = 256 * size
    return bytes.byteLength >= at + 16 && readU16Le(bytes, at) === 2 && readU16Le(bytes, at + 12) === 256
  })
}

/** As `nameUnsupported`; null also where its bytes cannot be had: what is missing is then told by others. */
async function nameReadable(blocks: ByteSource): Promise<Unsupported | null> {
  try {
    return await nameUnsupported(blocks)
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}

/** Whether what is in a disk image looks like another one: a file that was declared to be a disk as it is. */
async function beginsLikeDisk(blocks: ByteSource, name: string): Promise<boolean> {
  const look = await lookAt(blocks, name, new DiagnosticLog())
  return CONTAINERS.some((each) => each.isDisk === true && each.probe(look) === Likelihood.sure)
}

/** What containers tell of a file whose end, or more, is missing. */
const CUT = new Set(['STREAM_CUT_SHORT', 'STREAM_DAMAGED', 'STREAM_SUM_WRONG', 'BLOCK_TABLE_DAMAGED'])

/** What containers tell of a file that they name and that is not there. */
const MISSING = new Set(['BASE_MISSING', 'EXTENT_MISSING'])

/** What tables of volumes tell of those that they do not lead to any more. */
const LOST_TABLES = new Set([
  'PARTITION_TABLE_LOST',
  'PARTITION_TABLE_DAMAGED',
  'PARTITION_CHAIN_BROKEN',
  'PARTITION_MISSING',
])

/** What file systems tell of a volume of which they found no more than that it was there; and what that is called. */
const LOST_VOLUMES: Readonly<Record<string, string>> = { UDF_VOLUME_LOST: 'UDF' }

/** That a file is missing without which nothing can be opened; null where containers miss none. */
export function needsMissing(log: DiagnosticLog): NotAnImageError | null {
  const missing = log.entries.find(({ code }) => MISSING.has(code))
  if (missing === undefined) return null
  return new NotAnImageError(
    'NOTHING_READABLE',
    `${missing.message} Nothing can be opened without it.`,
    because('needsMissing', { fault: saidOf(missing) }),
  )
}

/**
 * Why nothing can be opened: what the file is instead, or what is missing of it.
 * @param source null where it is in a container that is read: it is no unknown one then
 * @param isInDisk the blocks are those of a machine's disk: whatever they begin like, it was not looked into
 */
export async function whyNotAnImage(
  source: ByteSource | null,
  blocks: ByteSource,
  name: string,
  nextPart: string | null,
  isInDisk: boolean,
  log: DiagnosticLog,
): Promise<NotAnImageError> {
  if (isInDisk && (await beginsLikeDisk(blocks, name)))
    return new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” holds a disk that begins like a disk image itself. What a machine has on its disk is given as it is, and there is nothing else in it that is read.`,
    )
  const named = (source && (await nameUnsupported(source))) ?? (await nameReadable(blocks))
  if (named !== null) return new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” ${named.rest}`, named.why(name))
  // Of what could not be unpacked to its end, the end may be what is missing.
  const cut = log.entries.find(({ code }) => CUT.has(code))
  if (cut !== undefined) {
    // Where nothing is missing, what is wrong is what would tell what it is.
    const cost = cut.code === 'STREAM_SUM_WRONG' ? 'Nothing in it can be found.' : 'That is too little to open it.'
    return new NotAnImageError(
      'NOTHING_READABLE',
      `${cut.message} ${cost} Download it anew.`,
      because('tooLittleLeft', { fault: saidOf(cut) }),
    )
  }
  const missing = needsMissing(log)
  if (missing !== null) return missing
  const lost = log.entries.find(({ code }) => code in LOST_VOLUMES)
  if (lost !== undefined) {
    const format = LOST_VOLUMES[lost.code] ?? ''
    return new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” is a disc with ${format} whose descriptors are destroyed. “isolde rescue” finds what is left in it.`,
      because('descriptorsLost', { name, format }),
    )
  }
  const table = log.entries.find(({ code, severity }) => severity === 'damage' && LOST_TABLES.has(code))
  if (table !== undefined)
    return new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” is a disk whose volumes cannot be found: ${table.message} Nothing in it can be opened.`,
    )
  if (isLaterPart(name))
    return new NotAnImageError(
      'NOT_AN_IMAGE',
      `“${name}” is a later part of an image in parts, and cannot be opened by itself. Open the first one, with all others beside it.`,
      because('isLaterPart', { name }),
    )
  let likeness: Likeness
  try {
    likeness = await looksLike(blocks)
  } catch (error) {
    // What is packed and does not unpack is no fault of a disk's.
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    return new NotAnImageError(
      'NOTHING_READABLE',
      `${error.message} Nothing in it can be found. Download it anew.`,
      because('tooLittleLeft', { fault: saidOf(error) }),
    )
  }
  const sentence = `“${name}” is not a disc image: it ${likeness.rest}.`
  const partMissing = nextPart === null ? '' : ` If it is the first part of one, the part “${nextPart}” is missing.`
  const details = nextPart === null ? likeness.why(name) : because('isNoPart', { name, part: nextPart })
  return new NotAnImageError('NOT_AN_IMAGE', sentence + partMissing, details)
}
