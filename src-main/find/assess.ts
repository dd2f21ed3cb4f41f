import { isTreeOfFiles } from '../../src-shared/model'
import { identifyImage, type Identity } from '../identify/identify'
import { openImage, type DiscImage, type EntryTable } from '../image'
import { isAllZero } from '../image/core/byte-reader'
import type { ByteSource } from '../image/core/byte-source'
import { ExtentSource } from '../image/core/sources/extent-source'
import type { Control } from '../task'
import { mapOf } from '../verify/verified-map'
import { verifyImage } from '../verify/verify'
import type { Candidate, FindState } from './find'
import { isOrdinary, type KnownFiles } from './known-files'

/** Entries of one image that are read; no disc has as many. */
const ENTRY_LIMIT = 2_000_000
/** Of an image that sums do not speak of: descriptors, and what is padding. In bytes. */
const UNPROVEN_LIMIT = 1 << 20
const SECTOR = 2048
/** Files whose ends are looked at, and how much of a sector has to be left behind them. In bytes. */
const ASKED_FILES = 256
const LEAST_REST = 16

/** What an image turned out to be. */
export interface Assessment {
  candidate: Candidate
  /** Pairs of byte offset in the source (−1: a hole) and byte length: the guess that was taken. */
  runs: readonly number[]
  state: Exclude<FindState, 'proven'>
  label: string
  /** What lies around its blocks; `plain` for nothing. */
  container: string
  identity: Identity | null
}

/** Looks at images: whether their folders can be read, what they are, and whether their sums fit. */
export class Assessor {
  /** What all images together may hold: hostile disks can make many of the same bytes. */
  private entriesLeft = 50_000_000

  constructor(
    private readonly disk: ByteSource,
    private readonly known: KnownFiles,
    private readonly charset: string | undefined,
    private readonly control: Control,
  ) {}

  /** Null where there is no image at all. @param isCertain its descriptors have been seen */
  async assess(candidate: Candidate, isCertain: boolean): Promise<Assessment | null> {
    const isInUse = await this.isInUseOtherwise(candidate)
    const first = await this.look(candidate, candidate.runs, isInUse)
    if (first === null && !isCertain) return null
    const seen = first ?? nothingOf(candidate)
    if (!isInUse) return candidate.isAssumed ? this.doubted(seen) : seen
    const others = candidate.otherRuns?.() ?? null
    if (others === null) return seen
    const second = await this.look(candidate, others, false)
    if (second === null || second.state === 'begins-only') return seen
    // Written around what is there, or written over by it: folders tell, then the ends of files, then sums.
    if (second.state !== 'whole') return seen
    if ((await this.tree(candidate, candidate.runs)) !== 'sound') return second
    const gap = others[1] ?? 0
    const [asItFollows, around] = [
      await this.endsFit(candidate, candidate.runs, gap),
      await this.endsFit(candidate, others, gap),
    ]
    if (around !== asItFollows) return around === true ? second : seen
    return (await this.isProven(second)) ? second : seen
  }

  /** Where nothing records its clusters, what belongs to another file may lie between them. */
  private async doubted(found: Assessment): Promise<Assessment> {
    if (found.state !== 'whole' || (await this.endsFit(found.candidate, found.runs, 0)) !== false) return found
    return { ...found, state: 'partly-overwritten' }
  }

  /**
   * Whether what fills up the last sector of files is zeros, as all writers leave it: it is not where clusters are
   * others'. Null where no file tells.
   * @param from place in the image behind which files are looked at, in bytes
   */
  private async endsFit(candidate: Candidate, runs: readonly number[], from: number): Promise<boolean | null> {
    const image = await this.open(candidate, runs)
    if (image === null) return null
    try {
      const table = await image.view(image.info.defaultViewId).readTree()
      let asked = 0
      for (let index = 1; index < table.length && asked < ASKED_FILES; index++) {
        const stored = table.storedRunsOf(index)
        const end = (stored[0] ?? -1) + (stored[1] ?? 0)
        const rest = (SECTOR - (end % SECTOR)) % SECTOR
        if (stored.length !== 2 || (stored[0] ?? -1) < 0 || end <= from || rest < LEAST_REST) continue
        asked++
        const bytes = await image.blocks.read(end, rest)
        if (bytes.byteLength < rest || !isAllZero(bytes)) return false
      }
      return asked > 0 ? true : null
    } finally {
      await image.close()
    }
  }

  /** As what it is to be told, when all of its bytes have been read. */
  async stateOf(found: Assessment, unreadableByteLength: number, isSummed: boolean): Promise<FindState> {
    if (found.state === 'begins-only') return found.state
    if (unreadableByteLength > 0) return 'partly-overwritten'
    if (!isSummed || found.state !== 'whole') return found.state
    const verdict = await this.verdictOf(found)
    if (verdict === 'failed') return 'partly-overwritten'
    return verdict === 'proven' ? 'proven' : 'whole'
  }

  /** The bytes of an image, in one piece. */
  contentOf({ candidate, runs }: Pick<Assessment, 'candidate' | 'runs'>): ByteSource {
    return candidate.open?.() ?? new ExtentSource(this.disk, runs, candidate.byteLength)
  }

  /** A file that is there has what it has; of others nothing may have been used again. */
  private async isInUseOtherwise({ origin, runs, byteOffset }: Candidate): Promise<boolean> {
    if (origin === 'file') return false
    let sum = 0
    let length = 0
    for (let at = 0; at + 1 < runs.length; at += 2) {
      const [start, byteLength] = [runs[at] ?? -1, runs[at + 1] ?? 0]
      if (start < 0) continue
      length += byteLength
      sum += await this.known.bytesInUse(start, byteLength)
    }
    // All of an image may lie within a file that is there: a virtual disk, an archive.
    const isInside = origin === 'unnamed' && sum === length && (await this.known.bytesInUse(byteOffset, 512)) > 0
    return sum > 0 && !isInside
  }

  private async look(candidate: Candidate, runs: readonly number[], isInUse: boolean): Promise<Assessment | null> {
    const image = await this.open(candidate, runs)
    if (image === null) return null
    try {
      const tree = await this.readTrees(image)
      const isShort = image.info.completeness.status === 'truncated'
      const state =
        tree === 'lost' ? 'begins-only' : tree === 'sound' && !isShort && !isInUse ? 'whole' : 'partly-overwritten'
      const { label, containers } = image.info
      const identity = await identifyImage(image).catch(unlessGone)
      return { candidate, runs, state, label, container: containers[0] ?? 'plain', identity }
    } catch (error) {
      return unlessGone(error)
    } finally {
      await image.close()
    }
  }

  private async tree(candidate: Candidate, runs: readonly number[]): Promise<'sound' | 'damaged' | 'lost'> {
    const image = await this.open(candidate, runs)
    if (image === null) return 'lost'
    try {
      return await this.readTrees(image)
    } finally {
      await image.close()
    }
  }

  private async open(candidate: Candidate, runs: readonly number[]): Promise<DiscImage | null> {
    const { charset } = this
    const limits = { entryCount: Math.min(ENTRY_LIMIT, this.entriesLeft) }
    if (limits.entryCount <= 0) return null
    const options = { name: candidate.name ?? 'image', limits, ...(charset === undefined ? {} : { charset }) }
    return openImage(this.contentOf({ candidate, runs }), options).catch(unlessGone)
  }

  /** Whether all folders of all trees can be read, and all files are within the image. */
  private async readTrees(image: DiscImage): Promise<'sound' | 'damaged' | 'lost'> {
    let isSound = true
    let entries = 0
    for (const view of image.info.views) {
      if (view.id.includes('@') || !isTreeOfFiles(view)) continue
      await this.control.checkpoint()
      const table = await image.view(view.id).readTree()
      this.entriesLeft -= table.length
      entries += table.length - 1
      if (table.damage.length > 0 || !isComplete(table)) isSound = false
    }
    if (image.diagnostics.some(({ severity }) => severity === 'damage')) isSound = false
    return isSound ? 'sound' : entries === 0 ? 'lost' : 'damaged'
  }

  private async isProven(found: Assessment): Promise<boolean> {
    return (await this.verdictOf(found)) === 'proven'
  }

  private async verdictOf(found: Assessment): Promise<'proven' | 'failed' | 'unknown'> {
    const image = await this.open(found.candidate, found.runs)
    if (image === null) return 'unknown'
    try {
      const verified = await verifyImage(image, image.info.defaultViewId, {
        checkpoint: () => this.control.checkpoint(),
        progress: () => undefined,
      })
      if (verified.verdict === 'failed') return 'failed'
      const map = mapOf(verified, image)
      return map.byteLength - map.count('proven') <= UNPROVEN_LIMIT && map.count('proven') > 0 ? 'proven' : 'unknown'
    } catch (error) {
      if (!isOrdinary(error)) throw error
      return 'failed'
    } finally {
      await image.close()
    }
  }
}

function isComplete(table: EntryTable): boolean {
  for (let index = 1; index < table.length; index++) if (table.statusOf(index) !== 'complete') return false
  return true
}

function nothingOf(candidate: Candidate): Assessment {
  return { candidate, runs: candidate.runs, state: 'begins-only', label: '', container: 'plain', identity: null }
}

/** @throws what says that the disk is gone */
function unlessGone(error: unknown): null {
  if (isOrdinary(error)) return null
  throw error
}
