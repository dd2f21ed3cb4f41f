import { because, type Completeness } from '../../src-shared/model'
import type { ByteSource } from './core/byte-source'
import type { DiagnosticLog } from './core/diagnostic-log'

/** Shorter tails than this are padding and worth no word. */
const PADDING_LIMIT = 1024 * 1024

/**
 * Compares what volume descriptors promise (in bytes of the blocks) with what is there.
 * @param divided where the last partition of the disk ends: what is not used up to there is no tail
 * @param nextPart of an image in parts: the one behind the last that is there
 */
export function describeLength(
  source: ByteSource,
  blocks: ByteSource,
  expected: number,
  divided: number,
  nextPart: string | null,
  log: DiagnosticLog,
): Completeness {
  const missing = Math.max(0, expected - blocks.byteLength)
  const used = Math.max(expected, divided)
  if (missing > 0) {
    // What it costs is said by the entries that lie there.
    log.recovered(
      'IMAGE_TRUNCATED',
      nextPart === null
        ? `The image is ${missing} bytes shorter than its volume: it was not copied in full.`
        : `The image is ${missing} bytes shorter than its volume: it goes on in “${nextPart}”, which is missing. Put it beside the others.`,
      undefined,
      nextPart === null ? because('shorterThanVolume', { missing }) : because('goesOnIn', { missing, name: nextPart }),
    )
  } else if (expected > 0 && blocks.byteLength - used > PADDING_LIMIT) {
    log.note(
      'TAIL_AFTER_VOLUME',
      `${blocks.byteLength - used} bytes follow the volume.`,
      used,
      because('bytesFollow', { n: blocks.byteLength - used }),
    )
  }
  // Sectors with more in them than blocks are missing of the file in proportion. What is packed, or lies in other files
  // than the opened one, is measured in blocks: how long that file should be nobody knows.
  const isOwn = liesIn(source, blocks)
  const ratio = blocks.byteLength > 0 && isOwn ? source.byteLength / blocks.byteLength : 1
  const missingByteLength = Math.ceil(missing * ratio)
  return {
    status: missing > 0 ? 'truncated' : 'complete',
    expectedByteLength:
      missing > 0
        ? (isOwn ? source : blocks).byteLength + missingByteLength
        : blocks === source
          ? Math.max(expected, 0) || source.byteLength
          : source.byteLength,
    missingByteLength,
  }
}

/** Whether blocks lie as they are in the opened file, from the first to the last. */
function liesIn(source: ByteSource, blocks: ByteSource): boolean {
  if (blocks === source) return true
  const file = source.locate(0, 1)?.file
  return file !== undefined && [0, blocks.byteLength - 1].every((at) => blocks.locate(at, 1)?.file === file)
}
