import type { Check } from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import type { ImageSum } from '../image/sums/image-sums'
import { sumMaker } from '../image/sums/sum-maker'
import type { ReadTally } from './read-tally'

const CHUNK_BYTES = 1 << 20

/** The file of an image, and what others say that it must give. */
export interface WholeFile {
  file: ByteSource
  sums: readonly ImageSum[]
}

/** Bytes that checking will read. */
export function bytesOfWhole(whole: WholeFile | undefined): number {
  return whole === undefined || whole.sums.length === 0 ? 0 : whole.file.byteLength
}

/** Reads the file once, and compares it with every sum: a check for each. */
export async function checkWholeFile({ file, sums }: WholeFile, tally: ReadTally): Promise<Check[]> {
  if (sums.length === 0) return []
  const hashes = new Map([...new Set(sums.map(({ algorithm }) => algorithm))].map((one) => [one, sumMaker(one)]))
  try {
    for (let at = 0; at < file.byteLength;) {
      const wait = tally.checkpoint()
      if (wait) await wait
      const bytes = await file.read(at, Math.min(CHUNK_BYTES, file.byteLength - at))
      if (bytes.byteLength === 0) break
      for (const hash of hashes.values()) hash.update(bytes)
      at += bytes.byteLength
      tally.add(bytes.byteLength)
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return [
      { kind: 'image-sum', verdict: 'unreadable', detail: `The file cannot be read: ${(error as Error).message}` },
    ]
  }
  const digests = new Map(Array.from(hashes, ([algorithm, hash]) => [algorithm, hash.digest('hex')]))
  return sums.map((sum): Check => {
    const isRight = digests.get(sum.algorithm) === sum.hex
    const detail = isRight
      ? `The file gives the ${named(sum)}.`
      : `The file does not give the ${named(sum)}: it is damaged, or another one.`
    return { kind: 'image-sum', verdict: isRight ? 'passed' : 'failed', detail }
  })
}

function named({ algorithm, from, listedAs }: ImageSum): string {
  if (from === null) return `${algorithm} sum that was asked for`
  return `${algorithm} sum in “${from}”${listedAs === null ? '' : `, where it is called “${listedAs}”`}`
}
