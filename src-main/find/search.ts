import path from 'node:path'
import { because } from '../../src-shared/model'
import { FileByteSource } from '../files/file-byte-source'
import { SourceError, type ByteSource } from '../image/core/byte-source'
import { DiagnosticLog } from '../image/core/diagnostic-log'
import { TolerantSource } from '../image/core/sources/tolerant-source'
import { BEGINNINGS } from '../image/find-deleted'
import { measureVolume } from '../image/measure-volume'
import type { Control } from '../task'
import { Assessor, type Assessment } from './assess'
import { endOf, type Candidate, type Find, type Fragments } from './find'
import { FindError } from './find-error'
import { KnownFiles } from './known-files'
import { ScanMap } from './scan-map'
import { scan } from './scanner'

/** How far a table of partitions may reach behind a disc’s volume that it was put around, in bytes. */
const HYBRID_TAIL = 64 << 20
/** Images that are told; hostile disks may have no end of them. */
const FIND_LIMIT = 100_000

export interface SearchRequest {
  /** A disk, a partition, or a file that is an image of one. */
  sourcePath: string
  /** Where what has been looked at is kept; null for nowhere. */
  mapPath: string | null
  /** Whether it is an error that it cannot be kept. */
  isMapRequired: boolean
  /** To go on where the map ends. */
  isResumed: boolean
  /** Whether what was found is read again for its sums. */
  isSummed: boolean
  charset?: string | undefined
}

/** Looks for disc images on a disk: those that are files, those whose files were deleted, and those that nothing leads to. */
export class Search {
  readonly finds: Find[] = []
  private readonly assessments: Assessment[] = []
  private pending: Assessment[] = []
  private readonly seen = new Set<number>()
  /** Ranges of whole images that end behind what has been read: what begins inside is a part of them. */
  private covered: { start: number; end: number; of: number }[] = []
  private isEnough = false

  private constructor(
    private readonly request: SearchRequest,
    private readonly source: FileByteSource,
    private readonly disk: ByteSource,
    private readonly map: ScanMap,
    private readonly known: KnownFiles,
    private readonly assessor: Assessor,
    private readonly control: Control,
    private readonly found: (find: Find) => void,
  ) {}

  /**
   * Searches all of a source. What was found is told as soon as it has been read to its end.
   * @throws {FindError}, {@link SourceError}, {@link CancelledError}: what has been looked at is kept in the map
   */
  static async run(request: SearchRequest, control: Control, found: (find: Find) => void): Promise<Search> {
    const source = openSource(request.sourcePath)
    try {
      if (source.byteLength === 0)
        throw new FindError('EMPTY_FILE', `${request.sourcePath} is empty: there is nothing to look through.`)
      const map = new ScanMap(request.mapPath, source.byteLength, request.isMapRequired)
      if (request.isResumed) map.resume()
      map.save(true)
      control.progress({ bytesTotal: source.byteLength, bytesDone: 0, isCounting: false, phase: 'reading' })
      const disk = new TolerantSource(source, new DiagnosticLog())
      const known = await KnownFiles.read(disk, path.basename(request.sourcePath), request.charset, control)
      const assessor = new Assessor(disk, known, request.charset, control)
      const search = new Search(request, source, disk, map, known, assessor, control, found)
      await search.run()
      return search
    } catch (error) {
      source.close()
      throw error
    }
  }

  /** Bytes that could not be read. */
  get unreadableByteLength(): number {
    return this.map.badByteLength
  }

  /** More was found than is told. */
  get isCut(): boolean {
    return this.isEnough
  }

  get byteLength(): number {
    return this.source.byteLength
  }

  /** The bytes of a find, in one piece; to be read while the search is open. @param number as it was told */
  contentOf(number: number): ByteSource | null {
    const assessment = this.assessments[number - 1]
    return assessment === undefined ? null : this.assessor.contentOf(assessment)
  }

  close(): void {
    this.source.close()
  }

  private async run(): Promise<void> {
    const { map } = this
    try {
      for (const candidate of this.known.toProbe) await this.probe(candidate)
      for (const start of [...map.hits].sort((a, b) => a - b)) await this.hit(start)
      await scan(this.source, map, this.control, async (starts, end) => {
        for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
          map.hits.add(start)
          await this.hit(start)
        }
        await this.report(end)
        map.save()
      })
      await this.report(Infinity)
    } finally {
      map.save(true)
    }
  }

  /** A file that is called as images are, or lies in pieces. */
  private async probe(candidate: Candidate): Promise<void> {
    if (this.isEnough || this.seen.has(candidate.byteOffset)) return
    const isReplaced = this.known.startingAt(candidate.byteOffset).some(({ origin }) => origin === 'file')
    if (candidate.origin === 'deleted' && isReplaced) return
    const assessment = await this.assessor.assess(candidate, false)
    if (assessment === null || assessment.state === 'begins-only') return
    this.seen.add(candidate.byteOffset)
    // Its marks, wherever they lie, belong to this one.
    const content = this.assessor.contentOf(assessment)
    for (const { at } of BEGINNINGS) {
      const place = content.locate(at, 1)
      if (place !== null) this.seen.add(place.byteOffset - at)
    }
    this.take(assessment)
  }

  /** A place where the mark of an image stands. */
  private async hit(byteOffset: number): Promise<void> {
    if (this.isEnough || this.seen.has(byteOffset)) return
    this.seen.add(byteOffset)
    if (this.covered.some(({ start, end, of }) => byteOffset >= start && byteOffset < end && byteOffset !== of)) return
    const { byteLength, hasRoot, isOne } = await this.measure(byteOffset)
    if (!isOne) return
    const file = bestOf(this.known.startingAt(byteOffset), byteLength)
    if (file === null && byteLength === 0) return
    const candidate = file ?? this.unrecorded(byteOffset, byteLength)
    // Descriptors that lead to no folder are not followed: their trees would be others'.
    const isLeftOver = !hasRoot && candidate.origin !== 'file'
    const assessment = isLeftOver ? null : await this.assessor.assess(candidate, true)
    this.take(
      assessment ?? {
        candidate,
        runs: candidate.runs,
        state: 'begins-only',
        label: '',
        container: 'plain',
        identity: null,
      },
    )
  }

  /** What lies there in a row, with the name of a file whose entry half fits. */
  private unrecorded(byteOffset: number, byteLength: number): Candidate {
    const rest = this.source.byteLength - byteOffset
    const named = this.known
      .mayBeginAt(byteOffset)
      .filter(({ byteLength: own }) => own >= byteLength && own - byteLength <= HYBRID_TAIL && own <= rest)
      .toSorted((a, b) => a.byteLength - b.byteLength)[0]
    const length = named?.byteLength ?? byteLength
    return {
      byteOffset,
      byteLength: length,
      name: named?.name ?? null,
      origin: named === undefined ? 'unnamed' : 'deleted',
      isAssumed: true,
      runs: [byteOffset, Math.min(length, rest)],
    }
  }

  /** What all kinds of image that may begin at a place say of its length. */
  private async measure(byteOffset: number): Promise<{ byteLength: number; hasRoot: boolean; isOne: boolean }> {
    const { disk } = this
    const sum = { byteLength: 0, hasRoot: false, isOne: false }
    for (const beginning of BEGINNINGS) {
      const { mark, at } = beginning
      const bytes = await disk.read(byteOffset + at, mark.byteLength)
      const seen = Buffer.compare(bytes, mark) === 0 ? await beginning.look(disk, byteOffset) : null
      if (seen === null) continue
      sum.isOne = true
      sum.byteLength = Math.max(sum.byteLength, seen.byteLength)
      sum.hasRoot ||= seen.hasRoot
    }
    // Images that start from sticks as well have a table of partitions, which may reach behind the volume.
    const hybrid = sum.isOne ? ((await measureVolume(disk, byteOffset, true)) ?? 0) : 0
    if (hybrid > sum.byteLength && hybrid - sum.byteLength <= HYBRID_TAIL && byteOffset + hybrid <= disk.byteLength)
      sum.byteLength = hybrid
    return sum
  }

  private take(assessment: Assessment): void {
    const { candidate, runs, state } = assessment
    this.pending.push(assessment)
    if (state !== 'whole') return
    for (let at = 0; at + 1 < runs.length; at += 2) {
      const start = runs[at] ?? -1
      if (start >= 0) this.covered.push({ start, end: start + (runs[at + 1] ?? 0), of: candidate.byteOffset })
    }
  }

  /** Tells of what has been read to its end. */
  private async report(end: number): Promise<void> {
    const isDone = ({ runs }: Assessment): boolean => endOf(runs) <= end
    const done = this.pending.filter(isDone)
    if (done.length === 0) return
    this.pending = this.pending.filter((each) => !isDone(each))
    done.sort((a, b) => endOf(a.runs) - endOf(b.runs) || a.candidate.byteOffset - b.candidate.byteOffset)
    for (const assessment of done) {
      if (this.finds.length >= FIND_LIMIT) {
        this.isEnough = true
        return
      }
      await this.reportOne(assessment)
    }
    // Files in pieces may lie anywhere; what is behind is not asked for again.
    this.covered = this.covered.filter((range) => range.end > end)
  }

  private async reportOne(assessment: Assessment): Promise<void> {
    const { candidate, runs, identity, label, container } = assessment
    const { byteOffset, byteLength, origin, isAssumed } = candidate
    const unreadableByteLength = this.map.badIn(runs)
    const state = await this.assessor.stateOf(assessment, unreadableByteLength, this.request.isSummed)
    const name = candidate.name ?? nameFor(label, byteOffset, container)
    const number = this.assessments.push(assessment)
    const find: Find = {
      ...{ number, byteOffset, byteLength, name, state, fragments: fragmentsOf(runs), identity },
      ...{ origin, isAssumed: isAssumed && state !== 'proven', unreadableByteLength },
      isPacked: candidate.open !== undefined,
    }
    this.finds.push(find)
    this.found(find)
  }
}

/** Of several files that begin at one place: one that is there, else the closest of those with room for the image. */
function bestOf(files: readonly Candidate[], byteLength: number): Candidate | null {
  const rank = ({ origin, isAssumed }: Candidate): number => (origin === 'file' ? 0 : isAssumed ? 2 : 1)
  return (
    files
      .filter(({ origin, byteLength: own }) => origin === 'file' || own >= byteLength)
      .toSorted((a, b) => rank(a) - rank(b) || a.byteLength - b.byteLength)[0] ?? null
  )
}

function nameFor(label: string, byteOffset: number, container: string): string {
  return `${label === '' ? `Image at ${byteOffset}` : label}.${container === 'plain' ? 'iso' : 'bin'}`
}

function fragmentsOf(runs: readonly number[]): Fragments {
  const fragments: Fragments = []
  for (let at = 0; at + 1 < runs.length; at += 2) {
    const start = runs[at] ?? -1
    fragments.push([start < 0 ? null : start, runs[at + 1] ?? 0])
  }
  return fragments
}

/** @throws {FindError} with what to do where it may not be read */
function openSource(sourcePath: string): FileByteSource {
  try {
    return FileByteSource.open(sourcePath)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    if (error.code === 'SOURCE_FORBIDDEN')
      throw new FindError(
        'SOURCE_FORBIDDEN',
        `You don't have permission to read ${sourcePath}: run this as root (sudo), or as a member of its group (disk).`,
        because('diskForbidden', { name: sourcePath }),
      )
    if (error.code === 'IS_A_FOLDER')
      throw new FindError(
        'IS_A_FOLDER',
        `${sourcePath} is a folder. Name the disk, the partition, or the image of a disk.`,
      )
    throw error
  }
}
