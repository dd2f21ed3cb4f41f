import type { ByteSource } from '../image/core/byte-source'
import type { ImageSum } from '../image/sums/image-sums'
import type { PieceList } from '../image/core/piece-list'
import type { Expectation } from './expectation'
import { RangeDigest } from './file-digests'
import type { Finding } from './finding'
import { PieceCheck } from './piece-check'

/** The file of an image, and what others say that it must give. */
export interface WholeFile {
  file: ByteSource
  sums: readonly ImageSum[]
  /** By what would fetch it piece by piece. */
  pieces?: readonly PieceList[]
  /** Error correction of dvdisaster that lies beside it. */
  ecc?: ByteSource | null
  /** What lies beside it, is of it, and cannot be used: sentences. */
  problems?: readonly string[]
}

/** Everything that others say of the file, in one pass over it. */
export class WholeFileSums {
  readonly expectations: readonly Expectation[]
  /** Of the file. */
  readonly byteLength: number
  private readonly digest: RangeDigest
  private readonly pieces: readonly PieceCheck[]

  constructor(private readonly whole: WholeFile) {
    this.byteLength = whole.file.byteLength
    this.digest = new RangeDigest([0, this.byteLength])
    for (const { algorithm } of whole.sums) this.digest.add(algorithm)
    this.pieces = (whole.pieces ?? []).map((list) => new PieceCheck(list))
    this.expectations = [...(whole.sums.length === 0 ? [] : [this.digest]), ...this.pieces]
  }

  /**
   * After the pass.
   * @param isPlain whether the file lies in the image's blocks as it is
   * @param named names the files in a range, for a person: a sentence, or nothing
   */
  findings(isPlain: boolean, named: (from: number, to: number) => string): Finding[] {
    const problems = (this.whole.problems ?? []).map((detail): Finding => {
      return { check: { kind: 'pieces', verdict: 'unreadable', detail }, ranges: [] }
    })
    const pieces = this.pieces.flatMap((check) => check.findings(this.byteLength, isPlain, named))
    return [...this.ofWhole(isPlain), ...pieces, ...problems]
  }

  private ofWhole(isPlain: boolean): Finding[] {
    const { result } = this.digest
    if (result === null) return []
    if ('problem' in result) {
      const detail = `The file cannot be read: ${result.problem}`
      return [{ check: { kind: 'image-sum', verdict: 'unreadable', detail }, ranges: [] }]
    }
    return this.whole.sums.map((sum): Finding => {
      const isRight = result.get(sum.algorithm) === sum.hex
      const detail = isRight
        ? `The file gives the ${wordsOf(sum)}.`
        : `The file does not give the ${wordsOf(sum)}: it is damaged, or another one.`
      const ranges = isPlain ? [0, this.byteLength] : []
      return { check: { kind: 'image-sum', verdict: isRight ? 'passed' : 'failed', detail }, ranges }
    })
  }
}

/** Whether the blocks of an image are its file, byte for byte. */
export function isPlain(blocks: ByteSource, file: ByteSource): boolean {
  if (blocks.byteLength < file.byteLength) return false
  const place = blocks.locate(0, file.byteLength)
  return place?.file.role === 'image' && place.byteOffset === 0 && place.byteLength === file.byteLength
}

function wordsOf({ algorithm, from, listedAs }: ImageSum): string {
  if (from === null) return `${algorithm} sum that was asked for`
  return `${algorithm} sum in “${from}”${listedAs === null ? '' : `, where it is called “${listedAs}”`}`
}
